// The narrow panel with what the back ends hold; a place lights up where a write has landed.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { inTurn } from "./live.js";

const LIT_MS = 1600;
const litUntil = new Map();
let before = null;
let drawn = "";
let now = { models: {}, endpoints: {} };

const short = (name) => name.split(".").at(-1);
const RANKS = ["champion", "challenger"];
const rank = (alias) => (RANKS.indexOf(alias.toLowerCase()) + RANKS.length + 1) % (RANKS.length + 1);
const byRank = ([one], [other]) => rank(one) - rank(other) || one.localeCompare(other);
const byShortName = ([one], [other]) => short(one).localeCompare(short(other));

export const modelNames = () => Object.keys(now.models).map(short).sort();
export const endpointNames = () => Object.keys(now.endpoints).sort();

export const refresh = inTurn(async () => {
  const found = await api.truth();
  const body = document.getElementById("truth-body");
  if (!found.models) {
    drawn = "";
    fill(body, el("p", { class: "aside" }, "The registry and the endpoints do not answer."));
    return;
  }
  const print = JSON.stringify([found.models, found.endpoints]);
  if (print === drawn) return;
  drawn = print;
  now = found;
  light(facts(found));
  paint(body);
});

// Every single value under a name of its own, to tell what changed.
function facts({ models, endpoints }) {
  const found = new Map();
  for (const [name, aliases] of Object.entries(models)) {
    found.set(name, "");
    for (const [alias, version] of Object.entries(aliases)) found.set(`${name} ${alias}`, String(version));
  }
  for (const [name, endpoint] of Object.entries(endpoints)) {
    found.set(`endpoint ${name}`, JSON.stringify([endpoint.state, endpoint.pending]));
    for (const share of endpoint.entities) found.set(shareKey(name, share), String(share.traffic));
  }
  return found;
}

const shareKey = (endpoint, share) => `endpoint ${endpoint} ${share.model} ${share.version}`;

function light(found) {
  if (before) {
    const names = [...new Set([...found.keys(), ...before.keys()])].filter((name) => found.get(name) !== before.get(name));
    for (const name of names) litUntil.set(name, Date.now() + LIT_MS);
    if (names.length) setTimeout(() => paint(document.getElementById("truth-body")), LIT_MS + 50);
  }
  before = found;
}

const isLit = (name) => (litUntil.get(name) ?? 0) > Date.now();
// An alias that was taken away has no place of its own any more: its model lights up for it.
const isTouched = (name) => [...litUntil.keys()].some((key) => (key === name || key.startsWith(`${name} `)) && isLit(key));

function paint(body) {
  const models = Object.entries(now.models).sort(byShortName).map(([name, aliases]) => model(name, aliases));
  const endpoints = Object.entries(now.endpoints).sort(byShortName).map(([name, state]) => endpoint(name, state));
  fill(body, el("h3", {}, "Registry: aliases"), models, el("h3", {}, "Serving endpoints: traffic"), endpoints);
}

function model(name, aliases) {
  const chips = Object.entries(aliases).sort(byRank).map(([alias, version]) => el("span", {
    class: `chip ${alias.toLowerCase()} ${isLit(`${name} ${alias}`) ? "lit" : ""}`,
  }, `${alias} v${version}`));
  return el("div", { class: `fact ${isTouched(name) ? "lit" : ""}`, title: name },
    el("div", { class: "line" }, el("b", {}, short(name)), el("span", { class: "chips" }, chips.length ? chips : el("span", { class: "aside" }, "no alias"))));
}

function condition(endpoint) {
  if (endpoint.state?.config_update === "UPDATE_FAILED") return ["failed", "last update failed"];
  if (endpoint.state?.config_update === "IN_PROGRESS") return ["moving", "updating …"];
  return endpoint.state?.ready === "READY" ? ["", "ready"] : ["failed", "not ready"];
}

function endpoint(name, found) {
  const [kind, words] = condition(found);
  const pending = kind === "moving" && found.pending ? found.pending.entities ?? found.pending : [];
  const taking = [...pending].map((share) => `${short(share.model)} v${share.version}`).join(", ");
  return el("div", { class: `fact ${kind} ${isTouched(`endpoint ${name}`) ? "lit" : ""}` },
    el("div", { class: "line" }, el("b", {}, name), el("span", { class: "aside" }, taking ? `taking ${taking} …` : words)),
    el("div", { class: "bar" }, found.entities.map((entity, index) => share(name, entity, index))));
}

function share(name, entity, index) {
  const words = `${short(entity.model)} v${entity.version} · ${entity.traffic} %`;
  const lit = isLit(shareKey(name, entity)) ? "lit" : "";
  const node = el("div", { class: `share tone-${index % 4} ${lit} ${entity.traffic ? "" : "none"}`, title: `${entity.model} v${entity.version}, ${entity.traffic} %` }, words);
  node.style.flexGrow = Math.max(entity.traffic, 1);
  return node;
}
