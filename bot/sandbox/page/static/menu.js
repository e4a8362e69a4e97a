// A small menu behind a button, above everything that would cut it off.

import { el } from "./dom.js";

const GAP = 4;

export function menu(opener, entries) {
  const list = el("div", { class: "menu", role: "menu", popover: "auto" }, entries.map(({ words, pick }, index) => el("button", {
    type: "button", role: "menuitem", autofocus: index === 0, onclick: () => { list.hidePopover(); pick(); },
  }, words)));
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.popoverTargetElement = list;
  list.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    opener.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    put(list, opener.getBoundingClientRect());
  });
  list.addEventListener("keydown", (event) => step(event, [...list.children]));
  return el("span", { class: "holder" }, opener, list);
}

// Below the button, or above it where there is no room.
function put(list, near) {
  const fits = near.bottom + GAP + list.offsetHeight < innerHeight;
  list.style.top = `${fits ? near.bottom + GAP : near.top - GAP - list.offsetHeight}px`;
  list.style.left = `${Math.min(near.left, innerWidth - list.offsetWidth - GAP)}px`;
}

function step(event, buttons) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const now = buttons.indexOf(document.activeElement);
  buttons[(now + way + buttons.length) % buttons.length].focus();
}
