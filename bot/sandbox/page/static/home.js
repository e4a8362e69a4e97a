// Herald's home tab, beside the direct messages with it.

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { inTurn } from "./live.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";

const at = (id) => document.getElementById(id);
let isOpen = false;
let drawn = "";

const isShown = () => isOpen && Boolean(place.channels[place.channel]?.is_im);

function draw(view) {
  const print = `${place.user} ${view?.id} ${view?.hash}`;
  if (print === drawn) return;
  drawn = print;
  const box = at("home");
  if (!view) {
    fill(box, el("p", { class: "aside" }, "Herald has not filled in this tab yet."));
    return;
  }
  const spot = { user: place.user, view_id: view.id };
  const around = {
    names,
    held: view.state?.values,
    act: async (touched) => {
      const answer = await api.action({ ...spot, ...touched });
      if (!answer.ok) toast(answer.error);
    },
    suggest: (asked) => api.suggest({ ...spot, ...asked }),
  };
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
  const scrolled = box.scrollTop;
  fill(box, el("div", { class: "content" }, blocks(view.blocks, around)));
  box.scrollTop = scrolled;
  if (focused) box.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

export const refresh = inTurn(async () => {
  if (!isShown()) return;
  const { view } = await api.home(place.user);
  if (view !== undefined) draw(view);
});

// Shows the tabs where they belong, and of the two the chosen one.
export function frame() {
  const isDirect = Boolean(place.channels[place.channel]?.is_im);
  at("tabs").hidden = !isDirect;
  at("home").hidden = !isShown();
  document.querySelector("main").classList.toggle("at-home", isShown());
  at("tab-home").setAttribute("aria-selected", String(isShown()));
  at("tab-messages").setAttribute("aria-selected", String(!isShown()));
}

// A look at the tab is told to Herald, which may fill it in anew.
export async function look() {
  if (!isShown()) return;
  const answer = await api.lookAtHome(place.user);
  if (answer.view === undefined) toast(answer.error);
  else draw(answer.view);
}

async function turn(toHome) {
  isOpen = toHome;
  frame();
  await look();
}

export function start() {
  at("tab-home").addEventListener("click", () => turn(true));
  at("tab-messages").addEventListener("click", () => turn(false));
  at("tabs").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    turn(!isOpen);
    at(isOpen ? "tab-home" : "tab-messages").focus();
  });
}
