// Where people write: completion, recall of earlier lines, and examples for a first try.

import * as api from "./api.js";
import { EXAMPLES, completed, usage } from "./commands.js";
import { el, fill } from "./dom.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";
import { modelNames } from "./truth.js";

const at = (id) => document.getElementById(id);
const said = [];
let recalled = 0;
let wantsExamples = null;

async function send(words) {
  const spot = { user: place.user, channel: place.channel };
  const [command, ...rest] = words.split(" ");
  const answer = command.startsWith("/")
    ? await api.command({ ...spot, command, text: rest.join(" ") })
    : await api.message({ ...spot, text: words });
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

function advise(choices = []) {
  const words = choices.map((choice) => el("button", {
    type: "button", class: "choice", onclick: () => write(`${[...at("line").value.split(" ").slice(0, -1), choice].join(" ")} `),
  }, choice));
  fill(at("advice"), words.length ? words : usage(at("line").value));
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
  const found = completed(line.value, modelNames());
  if (!found) return false;
  write(found.line);
  advise(found.choices);
  return true;
}

function onKey(event) {
  const line = event.target;
  const isFirstRow = !line.value.slice(0, line.selectionStart).includes("\n");
  const isLastRow = !line.value.slice(line.selectionEnd).includes("\n");
  const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
  if (!isPlain) return;
  const acts = {
    Enter: () => { submit(); return true; },
    Tab: () => complete(line),
    ArrowUp: () => isFirstRow && recall(line, -1),
    ArrowDown: () => isLastRow && recall(line, 1),
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

export function start(isEmpty) {
  const line = at("line");
  at("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  line.addEventListener("keydown", onKey);
  line.addEventListener("input", () => { fit(line); advise(); });
  at("examples").addEventListener("click", () => {
    wantsExamples = at("hint").hidden;
    offer(isEmpty());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    if (line.value) line.focus();
    else write("/");
  });
  fill(at("tries"), EXAMPLES.map(([title, words]) => el("button", { type: "button", onclick: () => write(words) },
    el("b", {}, title), el("code", {}, words))));
  line.focus();
}
