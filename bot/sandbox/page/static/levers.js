// Switches for what can go wrong, as both doubles list it.

import * as api from "./api.js";
import { el, fill, freshId } from "./dom.js";
import { inTurn } from "./live.js";
import { toast } from "./toast.js";

const SIDES = [["Slack", "faults"], ["Databricks", "databricks/faults"]];
const NUMBERS = new Set(["seconds", "count", "status"]);
// What a fault needs before it shows anything, filled in so that one touch is enough.
const GIVEN = {
  rate_limit: { seconds: "10" }, slow_api: { seconds: "4" }, api_error: { error: "internal_error" }, slow: { seconds: "5" },
  update_takes: { seconds: "20" }, version_slow: { seconds: "2" }, hang: { seconds: "20" }, error: { status: "500" },
};
const drawn = new Map();

const box = () => document.getElementById("levers-body");
const title = (kind) => kind.replaceAll("_", " ");

export const refresh = inTurn(async () => {
  if (!document.getElementById("levers").open) return;
  await Promise.all(SIDES.map(async ([name, path], index) => side(box().children[index], name, path, await api.faults(path))));
});

function side(node, name, path, found) {
  const { kinds, active } = found;
  if (!kinds) {
    drawn.delete(path);
    fill(node, el("h3", {}, name), el("p", { class: "aside" }, `${name} does not say what can fail there. Is the sandbox still running?`));
    return;
  }
  const print = JSON.stringify(kinds.map(({ kind }) => kind));
  if (drawn.get(path)?.print !== print) {
    const levers = kinds.map((kind) => lever(kind, path));
    drawn.set(path, { print, levers });
    fill(node, el("h3", {}, name), levers.map((each) => each.node));
  }
  for (const each of drawn.get(path).levers) each.show(active.filter((fault) => fault.kind === each.kind));
}

function lever({ kind, fields, help, needs = [] }, path) {
  const id = freshId();
  const inputs = fields.map((field) => input(field, GIVEN[kind]?.[field] ?? "", needs.includes(field)));
  const switched = el("input", { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-help` });
  switched.addEventListener("change", async () => {
    const answer = await (switched.checked ? begin(path, kind, inputs) : end(path, kind));
    if (!answer.ok) toast(answer.error ?? answer.message);
    await refresh();
  });
  const node = el("div", { class: "lever" },
    el("div", { class: "line" }, el("label", { for: id }, title(kind)), switched),
    el("p", { class: "aside", id: `${id}-help` }, help),
    inputs.length ? el("details", {}, el("summary", { class: "aside" }, "Where and how long"), inputs.map((each) => each.node)) : null);
  const show = (active) => {
    switched.checked = active.length > 0;
    node.classList.toggle("on", active.length > 0);
  };
  return { kind, node, show };
}

function input(field, given, isNeeded) {
  const isNumber = NUMBERS.has(field);
  const control = el("input", { type: isNumber ? "number" : "text", min: isNumber ? "0" : undefined, step: "any", placeholder: isNeeded ? "needed" : "any" });
  control.value = given;
  const read = () => (control.value === "" ? {} : { [field]: isNumber ? Number(control.value) : control.value });
  return { node: el("label", { class: "line" }, title(field), control), read };
}

async function begin(path, kind, inputs) {
  const answer = await api.begin(path, Object.assign({ kind }, ...inputs.map((each) => each.read())));
  if (answer.ok) toast("done", `Begun: ${title(kind)}.`);
  return answer;
}

// The doubles end all faults at once; those of other kinds begin again.
async function end(path, kind) {
  const { active = [] } = await api.faults(path);
  const answer = await api.endAll(path);
  for (const fault of active.filter((each) => each.kind !== kind)) await api.begin(path, told(fault));
  return answer;
}

const told = (fault) => Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== null));

export function start() {
  fill(box(), SIDES.map(() => el("div", { class: "side" })));
  document.getElementById("levers").addEventListener("toggle", refresh);
}
