// What can be touched: buttons, menus, inputs.
//
// `around` is where an element stands: `names`, `act` (sends a touch, tells whether it worked), `held` (what was filled
// in so far, in the shape of Slack's view state) and `suggest` (asks Herald for options).

import { asked } from "./confirm.js";
import { el, freshId } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { multi_external_select, multi_of_workspace, multi_static_select, rich_text_input, typed } from "./fields.js";
import { menu } from "./menu.js";
import { text } from "./mrkdwn.js";
import { suggested } from "./suggested.js";

const KINDS = {
  button, overflow, static_select, external_select, plain_text_input, radio_buttons: choices, checkboxes: choices,
  users_select, conversations_select, channels_select, image: picture,
  number_input: typed, email_text_input: typed, url_text_input: typed, datepicker: typed, timepicker: typed, datetimepicker: typed,
  rich_text_input, multi_static_select, multi_external_select,
  multi_users_select: multi_of_workspace, multi_conversations_select: multi_of_workspace, multi_channels_select: multi_of_workspace,
  workflow_button: button, icon_button: icon, feedback_buttons: feedback, file_input: upload,
};
const SLACK_TEXT_LIMIT = 3000;

export function element(part, block, around) {
  const make = KINDS[part.type];
  return make ? make(part, block, around) : el("span", { class: "unknown" }, `This page cannot show an element of type ${part.type}.`);
}

// A picture from elsewhere is told in words: the page asks no other host.
export function picture(part) {
  const source = part.slack_file ? `/files/${part.slack_file.id ?? part.slack_file.url.split("/").at(-2)}/picture` : part.image_url;
  const words = el("span", { class: "unknown" }, `Picture: ${part.alt_text}`);
  if (new URL(source, location.href).origin !== location.origin) return words;
  const node = el("img", { src: source, alt: part.alt_text, title: part.alt_text });
  node.addEventListener("error", () => node.replaceWith(words));
  return node;
}

// Waits for the answer; meanwhile another touch of the same thing does nothing.
async function touch(node, part, block, around, value) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (part.confirm && !(await asked(part.confirm))) return;
  node.setAttribute("aria-busy", "true");
  await around.act({ action_id: part.action_id, block_id: block.block_id, value });
  node.removeAttribute("aria-busy");
}

function button(part, block, around) {
  const node = el("button", {
    type: "button", class: `button ${part.style ?? ""}`, "data-action": part.action_id, "aria-label": part.accessibility_label,
    onclick: () => {
      if (part.url) window.open(part.url, "_blank", "noopener,noreferrer");
      touch(node, part, block, around, part.value);
    },
  }, withEmoji(part.text.text));
  return node;
}

function overflow(part, block, around) {
  const node = el("button", { type: "button", class: "button overflow", "data-action": part.action_id, "aria-label": "More actions", title: "More actions" }, "⋯");
  const pick = (option) => {
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    touch(node, part, block, around, option.value);
  };
  return menu(node, part.options.map((option) => ({ words: withEmoji(option.text.text), pick: () => pick(option) })));
}

// What the person filled in so far, else what the app set at first.
export function initially(part, block, around, key) {
  const held = around.held?.[block.block_id]?.[part.action_id];
  if (!held) return part[`initial_${key}`];
  return held[key === "value" ? key : `selected_${key}`];
}

// Names a control so that its value is found again; outside of a form's input a change is sent at once.
export function control(node, part, block, around, read) {
  node.dataset.block = block.block_id;
  node.dataset.action = part.action_id;
  node.readState = () => ({ type: part.type, ...read() });
  node.report = (value) => {
    if (block.type !== "input" || block.dispatch_action) touch(node, part, block, around, value);
  };
  if (part.focus_on_load) node.dataset.first = "";
  return node;
}

function chooser(part, block, around, { options, chosen, read }) {
  const placeholder = el("option", { value: "" }, part.placeholder?.text ?? "Choose");
  const node = el("select", { id: block.inputId, "aria-label": block.inputId ? undefined : part.placeholder?.text ?? "Choose" }, placeholder, options);
  node.value = chosen ?? "";
  node.addEventListener("change", () => node.value && node.report(node.value));
  return control(node, part, block, around, () => read(node.value || null));
}

const entry = ([value, words]) => el("option", { value }, words);

function static_select(part, block, around) {
  const groups = part.option_groups ?? [{ options: part.options }];
  const all = groups.flatMap((group) => group.options);
  const shown = groups.map((group) => {
    const entries = group.options.map((option) => entry([option.value, withEmoji(option.text.text)]));
    return group.label ? el("optgroup", { label: group.label.text }, entries) : entries;
  });
  return chooser(part, block, around, {
    options: shown,
    chosen: initially(part, block, around, "option")?.value,
    read: (value) => ({ selected_option: all.find((option) => option.value === value) ?? null }),
  });
}

function users_select(part, block, around) {
  return chooser(part, block, around, {
    options: around.names.people().map((user) => entry([user.id, user.real_name])),
    chosen: initially(part, block, around, "user"),
    read: (value) => ({ selected_user: value }),
  });
}

function conversations_select(part, block, around) {
  return chooser(part, block, around, {
    options: around.names.rooms().map((channel) => entry([channel.id, `# ${channel.name}`])),
    chosen: initially(part, block, around, "conversation"),
    read: (value) => ({ selected_conversation: value }),
  });
}

function channels_select(part, block, around) {
  return chooser(part, block, around, {
    options: around.names.rooms().map((channel) => entry([channel.id, `# ${channel.name}`])),
    chosen: initially(part, block, around, "channel"),
    read: (value) => ({ selected_channel: value }),
  });
}

function icon(part, block, around) {
  return button({ ...part, style: undefined }, block, around);
}

function feedback(part, block, around) {
  return [part.positive_button, part.negative_button].map((each) => button({ ...each, action_id: part.action_id }, block, around));
}

function upload(part) {
  return el("p", { class: "aside" }, `Files cannot be handed in on this page (${(part.filetypes ?? ["any type"]).join(", ")}).`);
}

function external_select(part, block, around) {
  const place = { action_id: part.action_id, block_id: block.block_id };
  const node = suggested({
    id: block.inputId ?? freshId(),
    placeholder: part.placeholder?.text ?? "Type to search",
    least: part.min_query_length ?? 3,
    chosen: initially(part, block, around, "option"),
    find: (query) => around.suggest({ ...place, query }),
    pick: (option) => node.report(option.value),
  });
  return control(node, part, block, around, () => ({ selected_option: node.chosen() }));
}

function plain_text_input(part, block, around) {
  const attributes = { id: block.inputId, placeholder: part.placeholder?.text, maxlength: part.max_length ?? SLACK_TEXT_LIMIT };
  const node = part.multiline ? el("textarea", { ...attributes, rows: "4" }) : el("input", { ...attributes, type: "text" });
  node.value = initially(part, block, around, "value") ?? "";
  if (block.dispatch_action) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || part.multiline) return;
      event.preventDefault();
      node.report(node.value);
    });
  }
  return control(node, part, block, around, () => ({ value: node.value || null }));
}

function choices(part, block, around) {
  const isMany = part.type === "checkboxes";
  const first = initially(part, block, around, isMany ? "options" : "option");
  const chosen = new Set([first ?? []].flat().map((option) => option.value));
  const name = freshId();
  const boxes = part.options.map((option) => {
    const box = el("input", { type: isMany ? "checkbox" : "radio", name, value: option.value });
    box.checked = chosen.has(option.value);
    const words = el("span", {}, text(option.text, around.names), option.description ? el("small", {}, text(option.description, around.names)) : null);
    return { option, box, shown: el("label", {}, box, words) };
  });
  const picked = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option);
  const node = el("fieldset", { "aria-labelledby": block.labelId }, boxes.map(({ shown }) => shown));
  node.addEventListener("change", () => node.report(isMany ? picked().map((option) => option.value) : picked()[0]?.value));
  return control(node, part, block, around, () => (isMany ? { selected_options: picked() } : { selected_option: picked()[0] ?? null }));
}

// What a form holds, in the shape of Slack's view state.
export function stateOf(form) {
  const values = {};
  for (const node of form.querySelectorAll("[data-block][data-action]")) {
    if (!node.readState) continue;
    values[node.dataset.block] ??= {};
    values[node.dataset.block][node.dataset.action] = node.readState();
  }
  return values;
}
