// Rich text: sections, lists, quotes, code, and all that may stand in a line.

import { date } from "./dates.js";
import { el, lines, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { mention } from "./mrkdwn.js";

const STYLES = [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"], ["highlight", "mark"]];

export function richText(block, names) {
  return block.elements.map((part) => paragraph(part, names));
}

function paragraph(part, names) {
  const inside = (holder) => holder.elements.map((piece) => styled(piece, names));
  switch (part.type) {
    case "rich_text_list": {
      const items = part.elements.map((item) => el("li", {}, inside(item)));
      const attributes = { class: `indent-${part.indent ?? 0}` };
      return part.style === "ordered" ? el("ol", { ...attributes, start: (part.offset ?? 0) + 1 }, items) : el("ul", attributes, items);
    }
    case "rich_text_quote": return el("blockquote", {}, inside(part));
    case "rich_text_preformatted": return el("pre", {}, inside(part));
    case "rich_text_section": return el("p", {}, inside(part));
    default: return el("p", { class: "unknown" }, `Rich text of type ${part.type}`);
  }
}

function styled(piece, names) {
  let shown = plain(piece, names);
  for (const [style, tag] of STYLES) if (piece.style?.[style]) shown = el(tag, {}, shown);
  return shown;
}

function plain(piece, names) {
  switch (piece.type) {
    case "text": return lines(piece.text);
    case "link": return link(piece.url, piece.text);
    case "user": return mention(`@${names.user(piece.user_id)}`, names.isMine(piece.user_id));
    case "usergroup": return mention(`@${names.group(piece.usergroup_id)}`, names.isMine(piece.usergroup_id));
    case "channel": return mention(`#${names.channel(piece.channel_id)}`);
    case "broadcast": return mention(`@${piece.range}`, true);
    case "emoji": return drawn(piece);
    case "date": return date(piece.timestamp, piece.format, piece.fallback ?? "");
    case "color": return el("code", {}, piece.value);
    default: return el("span", { class: "unknown" }, piece.type);
  }
}

function drawn(piece) {
  if (!piece.unicode) return emoji(piece.name) ?? `:${piece.name}:`;
  return String.fromCodePoint(...piece.unicode.split("-").map((code) => parseInt(code, 16)));
}
