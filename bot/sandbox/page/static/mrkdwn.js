// Slack's mrkdwn, as far as Herald writes it, turned into elements.

import { el } from "./dom.js";

const TOKEN = /(```[\s\S]+?```)|(`[^`\n]+`)|<([^<>]+)>|\*([^*\n]+)\*|(?<![\w])_([^_\n]+)_(?![\w])|~([^~\n]+)~|:([a-z0-9_+-]+):/g;

const EMOJI = {
  white_check_mark: "✅", x: "❌", warning: "⚠️", hourglass_flowing_sand: "⏳", arrow_forward: "▶️",
  leftwards_arrow_with_hook: "↩️", lock: "🔒", rotating_light: "🚨",
};

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(text, names) {
  const lines = text.split("\n");
  const out = [];
  lines.forEach((line, index) => {
    const quoted = /^(>|&gt;) ?/.exec(line);
    const parts = inline(quoted ? line.slice(quoted[0].length) : line, names);
    out.push(quoted ? el("blockquote", {}, parts) : parts);
    if (index < lines.length - 1 && !quoted) out.push(el("br"));
  });
  return out.flat();
}

function inline(text, names) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > last) out.push(unescape(text.slice(last, match.index)));
    out.push(piece(match, names));
    last = match.index + match[0].length;
  }
  out.push(unescape(text.slice(last)));
  return out;
}

function piece(match, names) {
  const [whole, pre, code, angle, bold, italic, strike, emoji] = match;
  if (pre) return el("pre", {}, unescape(pre.slice(3, -3)));
  if (code) return el("code", {}, unescape(code.slice(1, -1)));
  if (angle) return reference(angle, names);
  if (bold) return el("b", {}, inline(bold, names));
  if (italic) return el("i", {}, inline(italic, names));
  if (strike) return el("s", {}, inline(strike, names));
  return EMOJI[emoji] ?? whole;
}

function reference(inside, names) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return el("span", { class: "mention" }, `@${names.user(target.slice(1))}`);
  if (target.startsWith("#")) return el("span", { class: "mention" }, `#${names.channel(target.slice(1))}`);
  if (target.startsWith("!date^")) return date(target.split("^")[1], label ?? "");
  if (/^https?:\/\//.test(target)) return el("a", { href: target, rel: "noreferrer" }, unescape(label ?? target));
  return unescape(`<${inside}>`);
}

export function date(seconds, fallback) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return fallback;
  const today = moment.toDateString() === new Date().toDateString();
  const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const day = moment.toLocaleDateString([], { day: "numeric", month: "short" });
  return el("time", { title: fallback }, today ? `today ${time}` : `${day} ${time}`);
}
