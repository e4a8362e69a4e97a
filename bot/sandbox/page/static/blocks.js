// Block Kit turned into elements. `around` says who looks, what a touch does, and people's names.

import { el, freshId, link } from "./dom.js";
import { element, picture } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { markdown as prose } from "./markdown.js";
import { card, carousel, container, context_actions, data_table, data_visualization, file, video } from "./more_blocks.js";
import { text } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const SIGNS = { pending: "☐", in_progress: "▶", complete: "✓", error: "✗" };
const STATES = { pending: "to do", in_progress: "under way", complete: "done", error: "failed" };
const LEVELS = { default: "Note", info: "Note", warning: "Warning", error: "Error", success: "Done" };

const KINDS = {
  section, header, divider, context, actions, image, input, rich_text, table, plan, task_card, markdown, alert,
  card, carousel, container, video, file, context_actions, data_table, data_visualization,
};

export function blocks(list, around) {
  return list.map((block) => {
    try {
      return (KINDS[block.type] ?? unknown)(block, around);
    } catch {
      return unknown(block);
    }
  });
}

function unknown(block) {
  return el("div", { class: "block unknown" }, `This page cannot show this block of type ${block.type}.`);
}

function section(block, around) {
  const fields = (block.fields ?? []).map((field) => el("div", {}, text(field, around.names)));
  return el("div", { class: "block section" },
    el("div", { class: "words" }, text(block.text, around.names), fields.length ? el("div", { class: "fields" }, fields) : null),
    block.accessory ? el("div", { class: "accessory" }, element(block.accessory, block, around)) : null);
}

function header(block) {
  return el("h3", { class: "block" }, withEmoji(block.text.text));
}

function divider() {
  return el("hr", { class: "block" });
}

function context(block, around) {
  return el("div", { class: "block context" },
    block.elements.map((part) => (part.type === "image" ? picture(part) : el("span", {}, text(part, around.names)))));
}

function actions(block, around) {
  return el("div", { class: "block actions row" }, block.elements.map((part) => element(part, block, around)));
}

function image(block) {
  return el("figure", { class: "block" }, block.title ? el("figcaption", {}, block.title.text) : null, picture(block));
}

function input(block, around) {
  const ids = { inputId: freshId(), labelId: freshId(), problemId: freshId() };
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  return el("div", { class: "block input", "data-input": block.block_id },
    el("label", { for: ids.inputId, id: ids.labelId }, withEmoji(block.label.text), optional),
    element(block.element, { ...block, ...ids }, around),
    block.hint ? el("p", { class: "aside" }, withEmoji(block.hint.text)) : null,
    el("p", { class: "problem", id: ids.problemId, role: "alert" }));
}

function markdown(block) {
  return el("div", { class: "block rich" }, prose(block.text));
}

function alert(block, around) {
  const level = block.level ?? "default";
  return el("div", { class: `block alert ${level}`, role: "note", "aria-label": LEVELS[level] }, text(block.text, around.names));
}

function rich_text(block, around) {
  return el("div", { class: "block rich" }, richText(block, around.names));
}

function table(block, around) {
  const [head, ...rows] = block.rows;
  const shown = (part) => (part.type === "rich_text" ? richText(part, around.names) : part.text);
  const kind = (part, index) => block.column_settings?.[index]?.align ?? (part.type === "raw_number" ? "right" : "left");
  const line = (tag) => (row) => el("tr", {}, row.map((part, index) => el(tag, { class: kind(part, index), scope: tag === "th" ? "col" : undefined }, shown(part))));
  return el("div", { class: "block table", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, line("th")(head)), el("tbody", {}, rows.map(line("td")))));
}

function plan(block, around) {
  const tasks = (block.tasks ?? []).map((task) => el("li", {}, task_card(task, around)));
  return el("div", { class: "block plan" }, el("p", { class: "title" }, block.title), el("ul", {}, tasks));
}

function task_card(task, around) {
  const more = (part) => (part ? el("div", { class: "more" }, richText(part, around.names)) : null);
  const sources = (task.sources ?? []).map((source) => link(source.url, source.text));
  return el("div", { class: `block task ${task.status}` },
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[task.status] ?? "?"),
    el("div", {}, el("span", { class: "what" }, task.title), el("span", { class: "hidden" }, ` (${STATES[task.status] ?? task.status})`),
      more(task.details), more(task.output), sources.length ? el("p", { class: "row" }, sources) : null));
}
