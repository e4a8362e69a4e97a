// The left side: conversations with a dot for what is new, and the people one can be.

import { el, fill } from "./dom.js";
import { names, place } from "./place.js";
import { avatar } from "./timeline.js";

const news = new Set();
const key = (user, channel) => `${user} ${channel}`;

// An event is news for all who can see it but for who wrote it and who looks at it now.
export function note(event) {
  if (event.type !== "message") return;
  const readers = event.user ? [event.user] : names.people().map((person) => person.id);
  for (const reader of readers) {
    const isSeen = reader === place.user && event.channel === place.channel && !document.hidden;
    if (!isSeen && reader !== event.message.user) news.add(key(reader, event.channel));
  }
}

export function draw(onEnter, onBecome) {
  news.delete(key(place.user, place.channel));
  const all = Object.values(place.channels);
  list("channels", names.rooms().map((channel) => room(channel, `# ${channel.name}`, onEnter)));
  list("directs", all.filter((channel) => channel.is_im).map((channel) => room(channel, names.user(place.bot.user_id), onEnter)));
  list("people", names.people().map((person) => member(person, onBecome)));
}

// A list that did not change keeps its elements, and with them the keyboard's place.
function list(id, items) {
  const box = document.getElementById(id);
  if (box.dataset.print === print(el("ul", {}, items))) return;
  const focused = [...box.querySelectorAll("button")].indexOf(document.activeElement);
  fill(box, items);
  box.dataset.print = print(box);
  if (focused >= 0) box.querySelectorAll("button")[focused]?.focus();
}

const print = (box) => [...box.querySelectorAll("button")].map((button) => [button.dataset.id, button.className, button.textContent].join(" ")).join("|");

function room(channel, words, onEnter) {
  const isCurrent = channel.id === place.channel;
  const isNew = news.has(key(place.user, channel.id));
  return el("li", {}, el("button", {
    type: "button", "data-id": channel.id, class: `room ${isCurrent ? "current" : ""} ${isNew ? "new" : ""}`, title: words,
    "aria-current": isCurrent ? "true" : undefined, onclick: () => onEnter(channel.id),
  }, el("span", { class: "words" }, words), isNew ? el("span", { class: "dot", role: "img", "aria-label": "new messages" }) : null));
}

function member(person, onBecome) {
  const isCurrent = person.id === place.user;
  return el("li", {}, el("button", {
    type: "button", "data-id": person.id, class: isCurrent ? "current" : "", title: isCurrent ? undefined : `Go on as ${person.real_name}`, "aria-pressed": String(isCurrent), onclick: () => onBecome(person.id),
  }, avatar(person.id), el("span", { class: "words" }, person.real_name, el("small", {}, person.title || "member"))));
}
