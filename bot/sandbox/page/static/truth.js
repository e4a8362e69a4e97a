// The narrow panel with what the back ends hold; a place lights up where a write has landed.

import * as api from "./api.js";
import { el, fill } from "./dom.js";

const LIT_MS = 1600;
let last = {};
let drawn = "";

export async function refresh() {
  const body = document.getElementById("truth-body");
  let now;
  try {
    now = await api.truth();
  } catch {
    return fill(body, el("p", { class: "aside" }, "The back ends do not answer."));
  }
  if (!now.models) return fill(body, el("p", { class: "aside" }, "The back ends do not answer."));
  const seen = {};
  const part = (key, value, node) => {
    seen[key] = JSON.stringify(value);
    if (last[key] !== undefined && last[key] !== seen[key]) light(node);
    return node;
  };
  if (JSON.stringify(now) === drawn) return undefined;
  drawn = JSON.stringify(now);
  const models = Object.entries(now.models).map(([name, aliases]) => part(`model ${name}`, aliases, model(name, aliases)));
  const endpoints = Object.entries(now.endpoints).map(([name, state]) => part(`endpoint ${name}`, state, endpoint(name, state)));
  last = seen;
  return fill(body, el("h3", {}, "Registry"), models, el("h3", {}, "Endpoints"), endpoints);
}

function light(node) {
  node.classList.add("lit");
  setTimeout(() => node.classList.remove("lit"), LIT_MS);
}

const short = (name) => name.split(".").at(-1);

function model(name, aliases) {
  const chips = Object.entries(aliases).sort().map(([alias, version]) => el("span", { class: `chip ${alias.toLowerCase()}` }, `${alias} v${version}`));
  return el("div", { class: "fact", title: name }, el("b", {}, short(name)), el("div", { class: "chips" }, chips.length ? chips : el("span", { class: "aside" }, "no alias")));
}

function wide(traffic, attributes, words) {
  const node = el("div", attributes, words);
  node.style.flexGrow = Math.max(traffic, 1);
  return node;
}

function endpoint(name, state) {
  const updating = state.state?.config_update === "IN_PROGRESS" || Boolean(state.pending && state.state?.config_update !== "UPDATE_FAILED");
  const failed = state.state?.config_update === "UPDATE_FAILED";
  const words = failed ? "last update failed" : updating ? "updating …" : state.state?.ready === "READY" ? "ready" : "not ready";
  const bar = (entity, index) => wide(entity.traffic, { class: `share tone-${index % 4}`, title: `${entity.model} v${entity.version}, ${entity.traffic} %` }, `${short(entity.model)} v${entity.version} · ${entity.traffic} %`);
  const pending = updating && state.pending ? (state.pending.entities ?? state.pending).map?.((e) => `${short(e.model)} v${e.version}`).join(", ") : "";
  return el("div", { class: `fact ${failed ? "failed" : updating ? "moving" : ""}` },
    el("div", { class: "line" }, el("b", {}, name), el("span", { class: "aside" }, words)),
    el("div", { class: "bar" }, state.entities.map(bar)),
    pending ? el("p", { class: "aside" }, `taking ${pending}`) : null);
}
