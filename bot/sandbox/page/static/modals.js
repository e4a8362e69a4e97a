// The stack of modals of the person at the page; the top one is shown.

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { stateOf } from "./elements.js";
import { withEmoji } from "./emoji.js";
import { inTurn } from "./live.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";

const FOCUSABLE = "[data-first], textarea, input, select";

// The modal on the screen: `user` and `id` say whose and which, `hash` in which state it was drawn.
let shown = null;

// What was filled in and not sent yet, by modal: another one may lie above it for a while.
const drafts = new Map();

export const refresh = inTurn(async () => {
  const user = place.user;
  const { views } = await api.views(user);
  if (!views || user !== place.user) return;
  const view = views.at(-1);
  keepDraft();
  if (!view) { put(null); return; }
  if (shown?.id === view.id && shown.user === user) renew(view);
  else put(view, user, views.length > 1);
});

function put(view, user, isOnTop) {
  shown?.dialog.remove();
  shown = null;
  if (!view) return;
  const dialog = el("dialog", { class: "modal", "aria-label": view.title.text });
  shown = { user, id: view.id, dialog, isOnTop };
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
  draw(view);
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector(".contents")?.querySelector(FOCUSABLE) ?? dialog.querySelector("footer button:last-child"))?.focus();
}

// The app changed the modal: what the person filled in stays where it still has a place.
function renew(view) {
  if (shown.hash === view.hash) return;
  const form = shown.dialog.querySelector("form");
  const focused = form.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
  const scrolled = form.querySelector(".contents").scrollTop;
  draw(view);
  shown.dialog.querySelector(".contents").scrollTop = scrolled;
  const same = focused && shown.dialog.querySelector(`[data-action="${CSS.escape(focused)}"]`);
  (same || shown.dialog.querySelector("footer button:last-child"))?.focus();
}

function keepDraft() {
  const form = shown?.dialog.querySelector("form");
  if (form) drafts.set(shown.id, stateOf(form));
}

function filledIn(view) {
  const held = structuredClone(view.state.values);
  for (const [block, inputs] of Object.entries(drafts.get(view.id) ?? {})) {
    for (const [action, value] of Object.entries(inputs)) {
      if (held[block]?.[action]?.type === value.type) held[block][action] = value;
    }
  }
  return held;
}

function draw(view) {
  shown.hash = view.hash;
  const spot = { user: shown.user, view_id: view.id };
  const around = {
    names, held: filledIn(view),
    act: async (touched) => {
      const answer = await api.action({ ...spot, ...touched });
      if (!answer.ok) toast(answer.error);
    },
    suggest: (asked) => api.suggest({ ...spot, ...asked }),
  };
  const form = el("form", {},
    el("header", {}, el("h2", {}, view.title.text), el("button", { type: "button", "aria-label": "Close", class: "quiet", onclick: leave }, "✕")),
    el("div", { class: "contents" }, blocks(view.blocks, around)),
    el("footer", {},
      el("button", { type: "button", class: "button", onclick: leave }, withEmoji(view.close?.text ?? (shown.isOnTop ? "Back" : "Close"))),
      view.submit ? el("button", { type: "submit", class: "button primary", disabled: view.submit_disabled }, withEmoji(view.submit.text)) : null));
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form, spot); });
  fill(shown.dialog, form);
}

async function leave() {
  if (!shown) return;
  const answer = await api.close({ user: shown.user, view_id: shown.id });
  if (!answer.ok && answer.error !== "view_not_found") toast(answer.error);
  await refresh();
}

async function submit(form, spot) {
  const button = form.querySelector("button[type=submit]");
  if (form.getAttribute("aria-busy") === "true") return;
  const words = button.textContent;
  form.setAttribute("aria-busy", "true");
  button.textContent = "Sending …";
  const answer = await api.submit({ ...spot, values: stateOf(form) });
  form.removeAttribute("aria-busy");
  button.textContent = words;
  const errors = answer.errors ?? {};
  complain(form, errors);
  if (!answer.ok && !Object.keys(errors).length) toast(answer.error);
  await refresh();
}

// Says at each input what is wrong with it, and leads to the first.
function complain(form, errors) {
  for (const block of form.querySelectorAll("[data-input]")) {
    const problem = block.querySelector(".problem");
    const field = block.querySelector("[data-action]");
    const words = errors[block.dataset.input];
    problem.textContent = words ? `⚠ ${words}` : "";
    field.toggleAttribute("aria-invalid", Boolean(words));
    if (words) field.setAttribute("aria-describedby", problem.id);
    else field.removeAttribute("aria-describedby");
  }
  form.querySelector("[aria-invalid]")?.focus();
}
