// Messages in the order of time; one that changed is drawn anew in its place, the rest is left alone.

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { clock } from "./dates.js";
import { el, fill } from "./dom.js";
import { picture } from "./elements.js";
import { mrkdwn } from "./mrkdwn.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";

const TONES = 6;
const NEAR_END_PX = 40;

export function avatar(id) {
  const initials = names.user(id).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const tone = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % TONES;
  return el("span", { class: `avatar ${place.users[id]?.is_bot ? "bot" : `tone-${tone}`}`, "aria-hidden": "true" }, initials);
}

// Keeps one element per message in `box`; threads open below their messages.
export function timeline(box) {
  const drawn = new Map();
  return {
    clear() {
      drawn.clear();
      box.replaceChildren();
    },
    draw(messages) {
      for (const [ts, entry] of drawn) {
        if (messages.some((message) => message.ts === ts)) continue;
        entry.node.remove();
        drawn.delete(ts);
      }
      let before = null;
      for (const message of messages) {
        if (!drawn.has(message.ts)) drawn.set(message.ts, posted(message));
        const entry = drawn.get(message.ts);
        entry.show(message);
        const next = before ? before.nextElementSibling : box.firstElementChild;
        if (next !== entry.node) box.insertBefore(entry.node, next);
        before = entry.node;
      }
    },
    node: (ts) => drawn.get(ts)?.node,
    refreshThreads: () => Promise.all([...drawn.values()].map((entry) => entry.refreshThread())),
  };
}

export const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;

// Changes what a scrolling list shows: who was at its end stays there, who was not keeps what was before the eyes.
export function steady(list, change) {
  const wasAtEnd = isAtEnd(list);
  const edge = list.getBoundingClientRect().top;
  const top = (node) => node.getBoundingClientRect().top;
  const nodes = [...list.querySelectorAll("article")];
  const anchor = nodes.find((node) => top(node) >= edge) ?? nodes.at(-1);
  const was = anchor && top(anchor);
  change();
  if (wasAtEnd) list.scrollTop = list.scrollHeight;
  else if (anchor?.isConnected) list.scrollTop += top(anchor) - was;
  return wasAtEnd;
}

function posted(first) {
  const body = el("div", { class: "body" });
  const talk = first.ephemeral || (first.thread_ts ?? first.ts) !== first.ts ? null : thread(first);
  const node = el("article", { class: first.ephemeral ? "message private" : "message", "data-ts": first.ts, tabindex: "-1" },
    avatar(first.user), el("div", { class: "content" }, body, talk?.node));
  let print = "";
  return {
    node,
    show(message) {
      talk?.count(message.reply_count);
      const now = JSON.stringify({ ...message, reply_count: 0 });
      if (now === print) return;
      print = now;
      redraw(node, body, message);
    },
    refreshThread: () => talk?.refresh(),
  };
}

// Keeps the keyboard where it was, and how far tables were scrolled.
function redraw(node, body, message) {
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.action ?? "" : null;
  const scrolled = [...body.querySelectorAll(".table")].map((table) => table.scrollLeft);
  fill(body, contents(message));
  body.querySelectorAll(".table").forEach((table, index) => { table.scrollLeft = scrolled[index] ?? 0; });
  if (focused === null) return;
  const same = focused && body.querySelector(`[data-action="${CSS.escape(focused)}"]`);
  (same || node).focus({ preventScroll: true });
}

function contents(message) {
  const around = {
    names,
    act: (touched) => sent(api.action({ user: place.user, channel: message.channel, ts: message.ts, ...touched })),
    suggest: (asked) => api.suggest({ user: place.user, channel: message.channel, ts: message.ts, ...asked }),
  };
  const edited = message.edited ? el("span", { class: "aside" }, "(edited)") : null;
  return [
    el("p", { class: "by" },
      el("b", {}, names.user(message.user)),
      place.users[message.user]?.is_bot ? el("span", { class: "app" }, "APP") : null,
      clock(message.ts), edited,
      message.ephemeral ? el("span", { class: "aside eyes" }, "Only visible to you") : null),
    message.blocks?.length && place.users[message.user]?.is_bot ? blocks(message.blocks, around) : el("div", { class: "block" }, mrkdwn(asSent(message), names)),
    (message.files ?? []).map(attached),
  ];
}

// People's words come as they were typed: a < that begins no token of Slack's is just that.
const asSent = ({ user, text = "" }) => (place.users[user]?.is_bot ? text : text.replace(/<(?![@#!]|https?:|mailto:)/g, "&lt;"));

async function sent(asking) {
  const answer = await asking;
  if (!answer.ok) toast(answer.error);
}

function attached(file) {
  const path = new URL(file.url_private).pathname;
  if (file.mimetype.startsWith("image/")) return el("figure", { class: "block" }, el("figcaption", {}, file.title), picture({ image_url: path, alt_text: file.title }));
  return el("p", { class: "block file" }, el("a", { href: path, download: file.name }, file.title));
}

function thread(message) {
  const box = el("div", { class: "replies" });
  const inside = timeline(box);
  const line = el("input", { type: "text", placeholder: "Reply …", "aria-label": "Reply in this thread" });
  const form = el("form", { class: "reply" }, line, el("button", { class: "button" }, "Reply"));
  const panel = el("div", { class: "panel", hidden: true }, box, form);
  const toggle = el("button", { type: "button", class: "toggle", "aria-expanded": "false" }, "Reply");
  const spot = { user: place.user, channel: message.channel, thread_ts: message.ts };
  const refresh = async () => {
    if (panel.hidden) return;
    const found = await api.messages(spot);
    if (found.messages) inside.draw(found.messages.filter((reply) => reply.ts !== message.ts));
  };
  toggle.addEventListener("click", async () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute("aria-expanded", String(!panel.hidden));
    await refresh();
    if (!panel.hidden) line.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = line.value.trim();
    line.value = "";
    if (text) await sent(api.message({ ...spot, text }));
  });
  const count = (replies) => {
    toggle.textContent = replies ? `${replies} ${replies === 1 ? "reply" : "replies"}` : "Reply";
    toggle.classList.toggle("empty", !replies);
  };
  return { node: el("div", { class: "thread" }, toggle, panel), count, refresh };
}
