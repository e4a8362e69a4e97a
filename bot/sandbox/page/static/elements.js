// Things that can be touched: buttons, menus, inputs.

import { el } from "./dom.js";

const KINDS = {
  button, overflow, static_select: select, external_select: typed, plain_text_input: typed, radio_buttons: choices,
  checkboxes: choices, users_select: people, conversations_select: conversations,
};

export function element(part, block, context) {
  const make = KINDS[part.type];
  if (!make) return el("span", { class: "unknown" }, `(${part.type})`);
  return make(part, block, context);
}

function touch(part, block, context, value, node) {
  const go = () => context.act({ action_id: part.action_id, block_id: block.block_id, value }, node);
  return part.confirm ? confirm(part.confirm, go, node) : go();
}

function confirm(question, go, origin) {
  const dialog = el("dialog", { class: "confirm" },
    el("h3", {}, question.title?.text ?? "Are you sure?"),
    el("p", {}, question.text?.text ?? ""),
    el("div", { class: "actions" },
      el("button", { type: "button", onclick: () => dialog.close() }, question.deny?.text ?? "No"),
      el("button", { type: "button", class: question.style === "danger" ? "danger" : "primary", onclick: () => { dialog.close(); go(); } }, question.confirm?.text ?? "Yes")));
  dialog.addEventListener("close", () => { dialog.remove(); origin?.focus?.(); });
  document.body.append(dialog);
  dialog.showModal();
}

function button(part, block, context) {
  const node = el("button", { type: "button", class: part.style ?? "", onclick: () => touch(part, block, context, part.value, node) }, part.text.text);
  return node;
}

function overflow(part, block, context) {
  const menu = el("details", { class: "overflow" },
    el("summary", { "aria-label": "More actions", title: "More actions" }, "⋯"),
    el("div", { class: "menu", role: "menu" }, part.options.map((option) => el("button", {
      type: "button", role: "menuitem",
      onclick: () => { menu.open = false; touch(part, block, context, option.value, menu.querySelector("summary")); },
    }, option.text.text))));
  menu.addEventListener("focusout", (event) => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
  return menu;
}

function select(part, block, context) {
  const options = part.options ?? (part.option_groups ?? []).flatMap((group) => group.options);
  const node = el("select", { id: part.action_id, "data-action": part.action_id, "data-kind": part.type },
    el("option", { value: "" }, part.placeholder?.text ?? "Choose"),
    options.map((option) => el("option", { value: option.value, selected: part.initial_option?.value === option.value }, option.text.text)));
  if (block.type !== "input") node.addEventListener("change", () => touch(part, block, context, node.value, node));
  node.optionsByValue = Object.fromEntries(options.map((option) => [option.value, option]));
  return node;
}

function typed(part) {
  const common = { id: part.action_id, "data-action": part.action_id, "data-kind": part.type, placeholder: part.placeholder?.text, maxlength: part.max_length };
  const node = part.multiline ? el("textarea", { ...common, rows: "4" }) : el("input", { ...common, type: "text" });
  node.value = part.initial_value ?? "";
  return node;
}

function choices(part, block, context) {
  const type = part.type === "checkboxes" ? "checkbox" : "radio";
  const group = el("fieldset", { "data-action": part.action_id, "data-kind": part.type },
    part.options.map((option) => el("label", {}, el("input", { type, name: part.action_id, value: option.value }), option.text.text)));
  group.optionsByValue = Object.fromEntries(part.options.map((option) => [option.value, option]));
  if (block.type !== "input") group.addEventListener("change", (event) => touch(part, block, context, event.target.value, group));
  return group;
}

function people(part, block, context) {
  return listed(part, block, context, context.names.users());
}

function conversations(part, block, context) {
  return listed(part, block, context, context.names.channels());
}

function listed(part, block, context, entries) {
  const node = el("select", { id: part.action_id, "data-action": part.action_id, "data-kind": part.type },
    el("option", { value: "" }, part.placeholder?.text ?? "Choose"),
    entries.map(([id, name]) => el("option", { value: id }, name)));
  if (block.type !== "input") node.addEventListener("change", () => touch(part, block, context, node.value, node));
  return node;
}

// What a form holds, in the shape of Slack's view state.
export function stateOf(form) {
  const values = {};
  for (const block of form.querySelectorAll("[data-block]")) {
    const node = block.querySelector("[data-action]");
    if (node) values[block.dataset.block] = { [node.dataset.action]: valueOf(node) };
  }
  return values;
}

function valueOf(node) {
  const type = node.dataset.kind;
  if (type === "plain_text_input") return { type, value: node.value || null };
  if (type === "users_select") return { type, selected_user: node.value || null };
  if (type === "conversations_select") return { type, selected_conversation: node.value || null };
  if (type === "checkboxes") return { type, selected_options: [...node.querySelectorAll(":checked")].map((box) => node.optionsByValue[box.value]) };
  if (type === "radio_buttons") return { type, selected_option: node.optionsByValue[node.querySelector(":checked")?.value] ?? null };
  return { type, selected_option: node.optionsByValue?.[node.value] ?? null };
}
