// Where people write: completion, recall of earlier lines, and examples for a first try.

import * as api from "./api.js";
import { EXAMPLES, SHORTCUTS, SLASH, completed, offers, usage, withWord } from "./commands.js";
import { el, fill } from "./dom.js";
import { menu } from "./menu.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";
import { endpointNames, modelNames } from "./truth.js";

const at = (id) => document.getElementById(id);
const MOST_OFFERS = 14;
const said = [];
let recalled = 0;
let offered = [];
let chosen = -1;
let wantsExamples = null;

async function send(words) {
  const spot = { user: place.user, channel: place.channel };
  const [, command, text] = /^(\S*)\s?(.*)$/s.exec(words);
  if (command.startsWith("/") && command !== SLASH) {
    toast("no_such_command");
    write(words);
    return;
  }
  const answer = command.startsWith("/")
    ? await api.command({ ...spot, command, text })
    : await api.message({ ...spot, text: withMentions(words) });
  if (answer.ok) return;
  toast(answer.error);
  if (answer.error !== "operation_timeout" && !at("line").value) write(words);
}

function write(words) {
  const line = at("line");
  line.value = words;
  fit(line);
  line.focus();
  line.setSelectionRange(words.length, words.length);
  advise();
}

function fit(line) {
  line.style.height = "auto";
  line.style.height = `${line.scrollHeight}px`;
}

const known = () => ({ models: modelNames(), endpoints: endpointNames(), people: Object.values(place.users).map((user) => user.name) });

// What is typed as @name goes out as Slack's token, as its own client does it.
function withMentions(words) {
  const ids = Object.fromEntries(Object.values(place.users).map((user) => [user.name, user.id]));
  return words.replace(/(?<![\w@<])@([a-z0-9](?:[\w.-]*\w)?)/g, (whole, name) => (ids[name] ? `<@${ids[name]}>` : whole));
}

function advise(found = []) {
  offered = found.slice(0, MOST_OFFERS);
  chosen = -1;
  const more = found.length - offered.length;
  fill(at("offers"), offered.map(({ word, about }, index) => el("li", {
    id: `offer-${index}`, role: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => take(index),
  }, el("b", {}, word), about ? el("span", { class: "aside" }, about) : null)), more > 0 ? el("li", { class: "aside", role: "presentation" }, `${more} more: type on`) : null);
  at("offers").hidden = !offered.length;
  at("line").setAttribute("aria-expanded", String(offered.length > 0));
  at("line").removeAttribute("aria-activedescendant");
  fill(at("advice"), usage(at("line").value));
}

const offerNow = () => advise(offers(at("line").value, known()));

function choose(step) {
  if (!offered.length) return false;
  chosen = chosen < 0 && step < 0 ? offered.length - 1 : (chosen + step + offered.length) % offered.length;
  offered.forEach((_, index) => at(`offer-${index}`).setAttribute("aria-selected", String(index === chosen)));
  at("line").setAttribute("aria-activedescendant", `offer-${chosen}`);
  return true;
}

function take(index) {
  write(withWord(at("line").value, offered[index].word));
  offerNow();
  return true;
}

function recall(line, step) {
  const next = recalled + step;
  if (next < 0 || next > said.length) return false;
  recalled = next;
  write(said[recalled] ?? "");
  return true;
}

function submit() {
  const words = at("line").value.trim();
  if (!words) return;
  if (said.at(-1) !== words) said.push(words);
  recalled = said.length;
  wantsExamples = null;
  write("");
  send(words);
}

function complete(line) {
  if (chosen >= 0) return take(chosen);
  const found = completed(line.value, known());
  if (found === null) return false;
  write(found);
  offerNow();
  return true;
}

function onKey(event) {
  const line = event.target;
  const isFirstRow = !line.value.slice(0, line.selectionStart).includes("\n");
  const isLastRow = !line.value.slice(line.selectionEnd).includes("\n");
  const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
  if (!isPlain) return;
  const acts = {
    Enter: () => { if (chosen >= 0) take(chosen); else submit(); return true; },
    Tab: () => complete(line),
    Escape: () => { const isOpen = offered.length > 0; advise(); return isOpen; },
    ArrowUp: () => choose(-1) || (isFirstRow && recall(line, -1)),
    ArrowDown: () => choose(1) || (isLastRow && recall(line, 1)),
  };
  if (acts[event.key]?.()) event.preventDefault();
}

// The examples show by themselves in an empty channel, else when asked for.
export function offer(isEmpty) {
  const isShown = wantsExamples ?? isEmpty;
  at("hint").hidden = !isShown;
  at("examples").setAttribute("aria-expanded", String(isShown));
  at("hint-title").textContent = isEmpty ? "No messages yet. Three things to try:" : "Three things to try:";
  at("line").placeholder = place.channels[place.channel]?.is_im ? "/model help" : `Message #${names.channel(place.channel)}, or /model compare scorer`;
}

async function begin(shortcut) {
  const answer = await api.shortcut({ user: place.user, callback_id: shortcut });
  if (!answer.ok) toast(answer.error);
}

export function start(isEmpty) {
  const line = at("line");
  at("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  line.addEventListener("keydown", onKey);
  line.addEventListener("input", () => { fit(line); offerNow(); });
  line.addEventListener("blur", () => advise());
  at("examples").addEventListener("click", () => {
    wantsExamples = at("hint").hidden;
    offer(isEmpty());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    if (line.value) line.focus();
    else { write("/"); offerNow(); }
  });
  const opener = el("button", { type: "button", class: "button", "aria-label": "Shortcuts", title: "Shortcuts" }, "⚡");
  at("composer").prepend(menu(opener, SHORTCUTS.map(([id, words]) => ({ words, pick: () => begin(id) }))));
  fill(at("tries"), EXAMPLES.map(([title, words]) => el("button", { type: "button", onclick: () => write(words) },
    el("b", {}, title), el("code", {}, words))));
  line.focus();
}
