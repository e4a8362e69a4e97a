// Inputs of one kind of value, and menus from which several may be chosen.

import { el, freshId } from "./dom.js";
import { control, initially } from "./elements.js";
import { suggested } from "./suggested.js";
import { withEmoji } from "./emoji.js";

const TYPES = {
  number_input: "number", email_text_input: "email", url_text_input: "url",
  datepicker: "date", timepicker: "time", datetimepicker: "datetime-local",
};
const KEYS = { datepicker: "date", timepicker: "time", datetimepicker: "date_time" };
const DIGITS = 16;

const toLocal = (seconds) => {
  const moment = new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60_000);
  return moment.toISOString().slice(0, DIGITS);
};
const toSeconds = (local) => Math.floor(new Date(local).getTime() / 1000);

// A number, an address, a day or a time, in the browser's own field for it.
export function typed(part, block, around) {
  const key = KEYS[part.type];
  const isMoment = part.type === "datetimepicker";
  const first = initially(part, block, around, key ?? "value");
  const node = el("input", {
    type: TYPES[part.type], id: block.inputId, placeholder: part.placeholder?.text, step: part.is_decimal_allowed ? "any" : undefined,
    min: part.min_value, max: part.max_value, "aria-label": block.inputId ? undefined : part.placeholder?.text ?? part.type.replaceAll("_", " "),
  });
  node.value = (isMoment && first ? toLocal(first) : first) ?? "";
  const read = () => (isMoment && node.value ? toSeconds(node.value) : node.value || null);
  node.addEventListener("change", () => node.value && node.report(String(read())));
  return control(node, part, block, around, () => ({ [key ? `selected_${key}` : "value"]: read() }));
}

// What is written here goes out as rich text of one section.
export function rich_text_input(part, block, around) {
  const held = initially(part, block, around, "rich_text_value") ?? part.initial_value;
  const words = held?.elements?.flatMap((each) => each.elements ?? []).map((piece) => piece.text ?? "").join("");
  const node = el("textarea", { id: block.inputId, placeholder: part.placeholder?.text, rows: "4" });
  node.value = words ?? "";
  const value = () => (node.value ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: node.value }] }] } : null);
  return control(node, part, block, around, () => ({ rich_text_value: value() }));
}

const people = (around) => around.names.people().map((user) => [user.id, user.real_name]);
const rooms = (around) => around.names.rooms().map((channel) => [channel.id, `# ${channel.name}`]);
const SOURCES = { multi_users_select: ["users", people], multi_conversations_select: ["conversations", rooms], multi_channels_select: ["channels", rooms] };

function several(part, block, around, entries, chosen, read) {
  const node = el("select", { multiple: true, size: String(Math.min(Math.max(entries.length, 2), 5)), id: block.inputId, "aria-label": block.inputId ? undefined : part.placeholder?.text ?? "Choose" },
    entries.map(([value, words]) => el("option", { value }, words)));
  for (const option of node.options) option.selected = chosen.includes(option.value);
  const values = () => [...node.selectedOptions].map((option) => option.value);
  node.addEventListener("change", () => node.report(values()));
  return control(node, part, block, around, () => read(values()));
}

export function multi_of_workspace(part, block, around) {
  const [key, entries] = SOURCES[part.type];
  return several(part, block, around, entries(around), initially(part, block, around, key) ?? [], (values) => ({ [`selected_${key}`]: values }));
}

export function multi_static_select(part, block, around) {
  const all = (part.option_groups ?? [{ options: part.options }]).flatMap((group) => group.options);
  const chosen = (initially(part, block, around, "options") ?? []).map((option) => option.value);
  const entries = all.map((option) => [option.value, withEmoji(option.text.text)]);
  return several(part, block, around, entries, chosen, (values) => ({ selected_options: all.filter((option) => values.includes(option.value)) }));
}

// Each choice becomes a chip, which a click takes back.
export function multi_external_select(part, block, around) {
  const place = { action_id: part.action_id, block_id: block.block_id };
  let picked = initially(part, block, around, "options") ?? [];
  const chips = el("div", { class: "row" });
  const put = (options) => {
    picked = options;
    chips.replaceChildren(...picked.map((option) => el("button", { type: "button", class: "chip", "aria-label": `Take back ${option.text.text}`, onclick: () => change(picked.filter((each) => each !== option)) }, `${option.text.text} ✕`)));
  };
  const field = suggested({
    id: block.inputId ?? freshId(), placeholder: part.placeholder?.text ?? "Type to search", least: part.min_query_length ?? 3,
    find: (query) => around.suggest({ ...place, query }),
    pick: (option) => { field.querySelector("input").value = ""; change([...picked.filter((each) => each.value !== option.value), option]); },
  });
  const node = el("div", {}, chips, field);
  const change = (options) => { put(options); node.report(options.map((option) => option.value)); };
  put(picked);
  return control(node, part, block, around, () => ({ selected_options: picked }));
}
