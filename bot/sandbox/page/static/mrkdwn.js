// Slack's mrkdwn, turned into elements.

import { date } from "./dates.js";
import { el, lines, link } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";

// Marks count only at the edges of words, as in Slack: 2*3*4 and snake_case_names stay as they are.
const marked = (sign) => `(?<![\\p{L}\\p{N}${sign}])${sign}(?=[^\\s${sign}])([^${sign}\\n]*?[^\\s${sign}])${sign}(?![\\p{L}\\p{N}${sign}])`;
const TOKEN = new RegExp(`\`([^\`\\n]+)\`|<([^<>\\n]+)>|${marked("\\*")}|${marked("_")}|${marked("~")}|:([a-z0-9_+'-]+):`, "gu");
const QUOTED = /^(?:>|&gt;) ?/;

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(text, names) {
  return text.split(/```/).flatMap((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) return [el("pre", {}, unescape(part.replace(/^\n|\n$/g, "")))];
    const words = index % 2 === 1 ? `\`\`\`${part}` : part;
    return paragraphs(besides(words, index > 0, index < parts.length - 1), names);
  });
}

// A line break next to a block of code is the block's own.
function besides(words, isAfterCode, isBeforeCode) {
  const rest = isAfterCode ? words.replace(/^\n/, "") : words;
  return isBeforeCode ? rest.replace(/\n$/, "") : rest;
}

// Lines that begin with > are one quote as long as they follow each other.
function paragraphs(text, names) {
  const groups = [];
  for (const line of text.split("\n")) {
    const isQuote = QUOTED.test(line);
    const words = isQuote ? line.replace(QUOTED, "") : line;
    const last = groups.at(-1);
    if (last && last.isQuote === isQuote) last.words.push(words);
    else groups.push({ isQuote, words: [words] });
  }
  if (text === "") return [];
  return groups.flatMap(({ isQuote, words }) => {
    const shown = words.flatMap((line, index) => [...(index ? [el("br")] : []), ...inline(line, names)]);
    return isQuote ? [el("blockquote", {}, shown)] : shown;
  });
}

function inline(text, names) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    out.push(unescape(text.slice(last, match.index)), piece(match, names));
    last = match.index + match[0].length;
  }
  out.push(unescape(text.slice(last)));
  return out.filter((part) => part !== "");
}

function piece(match, names) {
  const [whole, code, angle, bold, italic, strike, name] = match;
  if (code) return el("code", {}, unescape(code));
  if (angle) return reference(angle, names);
  if (bold) return el("b", {}, inline(bold, names));
  if (italic) return el("i", {}, inline(italic, names));
  if (strike) return el("s", {}, inline(strike, names));
  return emoji(name) ?? whole;
}

export const mention = (words, isMine) => el("span", { class: isMine ? "mention mine" : "mention" }, words);

function reference(inside, names) {
  const [target, label] = inside.split("|");
  const id = target.slice(1);
  if (target.startsWith("@")) return mention(`@${names.user(id)}`, names.isMine(id));
  if (target.startsWith("#")) return mention(`#${names.channel(id)}`);
  if (target.startsWith("!")) return special(target, label, names);
  return link(unescape(target), label && unescape(label));
}

function special(target, label, names) {
  const [kind, value, format] = target.slice(1).split("^");
  if (kind === "date") return date(value, format ?? "", label ?? "");
  if (kind === "subteam") return mention(`@${names.group(value)}`, names.isMine(value));
  return mention(`@${unescape(label ?? kind)}`, true);
}

// A Slack text object: mrkdwn, or plain text in which only :emoji: mean something.
export function text(object, names) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : lines(withEmoji(object.text));
}
