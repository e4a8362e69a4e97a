// Block Kit turned into elements. `context` says who looks, what a touch does, and people's names.

import { el } from "./dom.js";
import { element } from "./elements.js";
import { date, mrkdwn } from "./mrkdwn.js";

const STATUS = { pending: "☐", in_progress: "▶", complete: "✓", error: "✗" };

const KINDS = {
  section, header, divider, context, actions, image, input, rich_text, table, plan, task_card, markdown, alert,
};

export function blocks(list, context) {
  return (list ?? []).map((block) => (KINDS[block.type] ?? unknown)(block, context));
}

export function text(object, context) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, context.names) : [object.text];
}

function unknown(block) {
  return el("div", { class: "block unknown" }, `This page cannot show a block of type ${block.type}.`);
}

function section(block, context) {
  const fields = (block.fields ?? []).map((field) => el("div", {}, text(field, context)));
  return el("div", { class: "block section" },
    el("div", { class: "words" }, text(block.text, context), fields.length ? el("div", { class: "fields" }, fields) : null),
    block.accessory ? element(block.accessory, block, context) : null);
}

function header(block) {
  return el("h3", { class: "block" }, block.text.text);
}

function divider() {
  return el("hr", { class: "block" });
}

function context(block, around) {
  const parts = block.elements.map((part) => (part.type === "image" ? picture(part) : el("span", {}, text(part, around))));
  return el("div", { class: "block context" }, parts);
}

function actions(block, around) {
  return el("div", { class: "block actions" }, block.elements.map((part) => element(part, block, around)));
}

function picture(part) {
  return el("img", { src: part.image_url, alt: part.alt_text, title: part.alt_text });
}

function image(block) {
  return el("figure", { class: "block" }, picture(block), el("figcaption", {}, block.alt_text));
}

function input(block, around) {
  const label = el("label", { for: block.element.action_id }, block.label.text, block.optional ? el("span", { class: "optional" }, " (optional)") : null);
  return el("div", { class: "block input", "data-block": block.block_id },
    label, element(block.element, block, around),
    block.hint ? el("p", { class: "aside" }, block.hint.text) : null,
    el("p", { class: "problem", role: "alert" }));
}

function markdown(block, around) {
  return el("div", { class: "block" }, mrkdwn(block.text.replaceAll("**", "*"), around.names));
}

function alert(block, around) {
  return el("div", { class: `block alert ${block.level ?? "default"}`, role: "note" }, text(block.text, around));
}

function rich_text(block, around) {
  return el("div", { class: "block rich" }, block.elements.map((part) => rich(part, around)));
}

function rich(part, around) {
  const inside = () => part.elements.map((piece) => span(piece, around));
  if (part.type === "rich_text_list") {
    const tag = part.style === "ordered" ? "ol" : "ul";
    return el(tag, { class: `indent-${part.indent ?? 0}` }, part.elements.map((item) => el("li", {}, item.elements.map((piece) => span(piece, around)))));
  }
  if (part.type === "rich_text_quote") return el("blockquote", {}, inside());
  if (part.type === "rich_text_preformatted") return el("pre", {}, inside());
  return el("p", {}, inside());
}

function span(piece, around) {
  if (piece.type === "user") return el("span", { class: "mention" }, `@${around.names.user(piece.user_id)}`);
  if (piece.type === "usergroup") return el("span", { class: "mention" }, `@${piece.usergroup_id}`);
  if (piece.type === "channel") return el("span", { class: "mention" }, `#${around.names.channel(piece.channel_id)}`);
  if (piece.type === "emoji") return String.fromCodePoint(...(piece.unicode ?? "2753").split("-").map((code) => parseInt(code, 16)));
  if (piece.type === "date") return date(piece.timestamp, piece.fallback ?? "");
  if (piece.type === "link") return el("a", { href: piece.url, rel: "noreferrer" }, piece.text ?? piece.url);
  return styled(piece.text ?? "", piece.style ?? {});
}

function styled(words, style) {
  const lines = words.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
  let node = lines;
  for (const [name, tag] of [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"]]) {
    if (style[name]) node = [el(tag, {}, node)];
  }
  return node;
}

function table(block, around) {
  const cell = (part) => (part.type === "rich_text" ? part.elements.map((inner) => rich(inner, around)) : [part.text ?? String(part.value ?? "")]);
  const [head, ...rows] = block.rows;
  const align = (index) => block.column_settings?.[index]?.align ?? "left";
  const line = (tag) => (row) => el("tr", {}, row.map((part, index) => el(tag, { class: align(index) }, cell(part))));
  return el("div", { class: "block table", tabindex: "0" },
    el("table", {}, el("thead", {}, line("th")(head)), el("tbody", {}, rows.map(line("td")))));
}

function plan(block, around) {
  return el("div", { class: "block plan" }, el("p", { class: "title" }, block.title), el("ul", {}, (block.tasks ?? []).map((task) => el("li", {}, task_card(task, around)))));
}

function task_card(task, around) {
  const more = (part) => (part ? part.elements.map((inner) => rich(inner, around)) : []);
  return el("div", { class: `task ${task.status}` },
    el("span", { class: "sign", title: task.status.replace("_", " ") }, STATUS[task.status] ?? "?"),
    el("div", {}, el("span", {}, task.title), more(task.details), more(task.output)));
}
