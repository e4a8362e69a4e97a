// The rarer blocks: cards, containers, files, tables of data and charts.

import { blocks } from "./blocks.js";
import { el, link } from "./dom.js";
import { element, picture } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { text } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const words = (part, around) => (part ? text(part, around.names) : null);

export function card(block, around) {
  return el("div", { class: "block card" },
    block.hero_image ? picture(block.hero_image) : null,
    block.title ? el("p", { class: "title" }, words(block.title, around)) : null,
    block.subtitle ? el("p", { class: "aside" }, words(block.subtitle, around)) : null,
    block.body ? el("p", {}, words(block.body, around)) : null,
    block.actions ? el("div", { class: "row" }, block.actions.map((part) => element(part, block, around))) : null);
}

export function carousel(block, around) {
  return el("div", { class: "block carousel", tabindex: "0", role: "region", "aria-label": "Cards" }, block.elements.map((part) => card({ ...part, block_id: part.block_id ?? block.block_id }, around)));
}

export function container(block, around) {
  const title = block.rich_text_title ? richText(block.rich_text_title, around.names) : words(block.title, around);
  const subtitle = block.subtitle ? el("span", { class: "aside" }, " ", words(block.subtitle, around)) : null;
  const inside = blocks(block.child_blocks, around);
  if (!block.is_collapsible) return el("div", { class: "block card" }, el("p", { class: "title" }, title, subtitle), inside);
  return el("details", { class: "block card", open: !block.default_collapsed }, el("summary", {}, title, subtitle), inside);
}

export function video(block) {
  return el("div", { class: "block card" }, el("p", { class: "title" }, link(block.title_url ?? block.video_url, withEmoji(block.title.text))),
    el("p", { class: "aside" }, `Video: ${block.alt_text}`), block.description ? el("p", {}, withEmoji(block.description.text)) : null);
}

export function file(block) {
  return el("p", { class: "block aside" }, `File: ${block.external_id}`);
}

export function context_actions(block, around) {
  return el("div", { class: "block actions row" }, block.elements.map((part) => element(part, block, around)));
}

export function data_table(block, around) {
  const [head, ...rows] = block.rows;
  const shown = (part) => (part.type === "rich_text" ? richText(part, around.names) : part.text);
  const line = (tag) => (row) => el("tr", {}, row.map((part) => el(tag, { class: part.type === "raw_number" ? "right" : "left" }, shown(part))));
  return el("div", { class: "block table", tabindex: "0", role: "region", "aria-label": block.caption },
    el("table", {}, el("caption", {}, block.caption), el("thead", {}, line("th")(head)), el("tbody", {}, rows.map(line("td")))));
}

// A chart is told as its numbers.
export function data_visualization(block) {
  const { segments, series } = block.chart;
  const rows = segments
    ? segments.map(({ label, value }) => [label, value])
    : series.flatMap(({ name, data }) => data.map(({ label, value }) => [`${name}, ${label}`, value]));
  return el("div", { class: "block table", tabindex: "0", role: "region", "aria-label": block.title },
    el("table", {}, el("caption", {}, block.title), el("tbody", {}, rows.map(([label, value]) => el("tr", {}, el("th", { scope: "row" }, label), el("td", { class: "right" }, String(value)))))));
}
