// A field that offers what Herald suggests while somebody types.

import { el } from "./dom.js";

const PAUSE_MS = 250;

// `find(query)` answers with options, `pick(option)` hears of the choice; typing on takes the choice back.
export function suggested({ id, placeholder, least, chosen, find, pick }) {
  let option = chosen ?? null;
  let timer;
  let latest = 0;
  const field = el("input", {
    id, type: "text", placeholder, role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`,
  });
  field.value = option?.text.text ?? "";
  const list = el("div", { id: `${id}-list`, class: "offers", role: "listbox", hidden: true });
  const show = (entries) => {
    list.replaceChildren(...entries);
    list.hidden = !entries.length;
    field.setAttribute("aria-expanded", String(entries.length > 0));
  };
  const take = (found) => {
    option = found;
    field.value = found.text.text;
    show([]);
    field.focus();
    pick(found);
  };
  const offer = async () => {
    latest += 1;
    const turn = latest;
    const answer = await find(field.value);
    if (turn !== latest) return;
    const entries = (answer.options ?? []).map((found) => el("button", { type: "button", role: "option", onclick: () => take(found) }, found.text.text));
    show(entries.length ? entries : [el("p", { class: "aside" }, answer.ok ? "Nothing found." : "Herald did not answer.")]);
  };
  const search = () => {
    clearTimeout(timer);
    if (field.value.length < least) show([]);
    else timer = setTimeout(offer, PAUSE_MS);
  };
  field.addEventListener("input", () => { option = null; search(); });
  field.addEventListener("focus", () => { if (!option && list.hidden) search(); });
  const node = el("div", { class: "suggested" }, field, list);
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) show([]); });
  node.addEventListener("keydown", (event) => move(event, field, list, () => show([])));
  node.chosen = () => option;
  return node;
}

function move(event, field, list, hide) {
  if (list.hidden) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    event.preventDefault();
    hide();
    field.focus();
    return;
  }
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [field, ...list.querySelectorAll("button")];
  if (!way) return;
  event.preventDefault();
  stops[(stops.indexOf(document.activeElement) + way + stops.length) % stops.length].focus();
}
