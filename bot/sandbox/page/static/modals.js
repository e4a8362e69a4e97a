// The stack of modals of the person at the page; only the top one is shown.

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { stateOf } from "./elements.js";

let shown = "";

export async function refresh(user, names, toast) {
  const { views } = await api.views(user);
  const view = views?.at(-1);
  const key = view ? `${user}:${view.id}:${view.hash}` : "";
  if (key === shown) return;
  shown = key;
  const place = document.getElementById("modals");
  fill(place, view ? dialog(view, user, names, toast) : null);
  const node = place.querySelector("dialog");
  node?.showModal();
  node?.querySelector("textarea, input, select, button")?.focus();
}

function dialog(view, user, names, toast) {
  const context = { names, act: (touched) => api.action({ user, view_id: view.id, ...touched }) };
  const leave = async () => { await api.close({ user, view_id: view.id }); await refresh(user, names, toast); };
  const form = el("form", { method: "dialog" },
    el("header", {}, el("h2", {}, view.title.text), el("button", { type: "button", "aria-label": "Close", class: "quiet", onclick: leave }, "✕")),
    el("div", { class: "body" }, blocks(view.blocks, context)),
    el("footer", {},
      el("button", { type: "button", onclick: leave }, view.close?.text ?? "Close"),
      view.submit ? el("button", { type: "submit", class: "primary" }, view.submit.text) : null));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await api.submit({ user, view_id: view.id, values: stateOf(form) });
    problems(form, answer.errors ?? {});
    if (!answer.ok && !answer.errors) toast(answer.error);
    if (answer.ok) { shown = ""; await refresh(user, names, toast); }
  });
  const node = el("dialog", { class: "modal", "aria-label": view.title.text }, form);
  node.addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
  return node;
}

function problems(form, errors) {
  for (const block of form.querySelectorAll("[data-block]")) {
    block.querySelector(".problem").textContent = errors[block.dataset.block] ?? "";
  }
}
