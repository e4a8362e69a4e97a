// Markdown blocks: the small part of Markdown that messages need, turned into elements.

import { el, link } from "./dom.js";

const TOKEN = /`([^`]+)`|\*\*([^*]+)\*\*|~~([^~]+)~~|(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])|\[([^\]]+)\]\(([^()\s]+)\)/g;

function inline(text) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    out.push(text.slice(last, match.index), piece(match));
    last = match.index + match[0].length;
  }
  return [...out, text.slice(last)];
}

function piece([, code, bold, strike, italic, words, address]) {
  if (code) return el("code", {}, code);
  if (bold) return el("b", {}, inline(bold));
  if (strike) return el("s", {}, inline(strike));
  if (italic) return el("i", {}, inline(italic));
  return link(address, words);
}

const KINDS = [
  [/^#{1,6} +/, (found) => found.map((words) => el("p", { class: "title" }, inline(words)))],
  [/^[-*+] +/, (found) => el("ul", {}, found.map((words) => el("li", {}, inline(words))))],
  [/^\d+[.)] +/, (found) => el("ol", {}, found.map((words) => el("li", {}, inline(words))))],
  [/^> ?/, (found) => el("blockquote", {}, found.map((words) => el("p", {}, inline(words))))],
  [/^/, (found) => found.join("\n").split(/\n{2,}/).filter((words) => words.trim())
    .map((words) => el("p", {}, words.trim().split("\n").flatMap((line, index) => [index ? el("br") : null, inline(line)])))],
];

function prose(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const [mark, make] = KINDS.find(([sign]) => sign.test(line));
    const words = line.replace(mark, "");
    if (groups.at(-1)?.make === make) groups.at(-1).found.push(words);
    else groups.push({ make, found: [words] });
  }
  return groups.map(({ make, found }) => make(found));
}

export function markdown(text) {
  return text.split(/^```.*$/m).map((part, index) => (index % 2 ? el("pre", {}, part.trim()) : prose(part)));
}
