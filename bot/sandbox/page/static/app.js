// The page: channels and people at the left, the talk in the middle, the truth at the right.

import * as api from "./api.js";
import { blocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import * as modals from "./modals.js";
import { mrkdwn } from "./mrkdwn.js";
import * as truth from "./truth.js";

const TRUTH_MS = 1000;
const COMMANDS = ["help", "list", "show", "compare", "check", "promote", "rollback", "requests", "request", "resolve", "whoami"];
const FIRST_STEPS = [
  ["Compare two versions", "/model compare gcn_rag_assistant"],
  ["Ask for a promotion", "/model promote iris_classifier 2 because fewer mistakes near the border"],
  ["Go back to the champion before", "/model rollback iris_classifier because false alarms"],
];
const TROUBLES = {
  operation_timeout: "Herald did not answer in three seconds.",
  dispatch_failed: "Herald is not connected: nothing was sent to it.",
};

const state = { user: "U0REQUESTER", channel: "C0RELEASES", users: {}, channels: {}, unread: new Set(), said: [], drawn: new Map(), cursor: 0 };
const at = (id) => document.getElementById(id);

const names = {
  user: (id) => state.users[id]?.real_name ?? id,
  channel: (id) => state.channels[id]?.name ?? id,
  users: () => Object.values(state.users).filter((user) => !user.is_bot).map((user) => [user.id, user.real_name]),
  channels: () => Object.values(state.channels).map((channel) => [channel.id, `#${channel.name}`]),
};

function toast(error) {
  const note = el("p", {}, TROUBLES[error] ?? `That did not work (${error ?? "no answer"}).`);
  at("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

async function loadWorkspace() {
  const found = await api.workspace();
  state.users = Object.fromEntries(found.users.map((user) => [user.id, { ...user, real_name: user.real_name ?? user.profile?.real_name ?? user.name }]));
  state.channels = Object.fromEntries(found.channels.filter((channel) => !channel.is_im).map((channel) => [channel.id, channel]));
  at("bot-state").textContent = found.bot.is_connected ? "Herald is connected" : "Herald is not connected";
  at("bot-state").className = found.bot.is_connected ? "up" : "down";
  drawSidebar();
}

function drawSidebar() {
  fill(at("channels"), Object.values(state.channels).map((channel) => el("li", {}, el("button", {
    type: "button", class: `${channel.id === state.channel ? "current" : ""} ${state.unread.has(channel.id) ? "unread" : ""}`,
    "aria-current": channel.id === state.channel ? "true" : undefined,
    onclick: () => goTo(channel.id),
  }, `# ${channel.name}`))));
  fill(at("people"), names.users().map(([id, name]) => el("li", {}, el("button", {
    type: "button", class: id === state.user ? "current" : "", "aria-pressed": id === state.user ? "true" : "false", onclick: () => become(id),
  }, avatar(name, id), el("span", {}, name, el("small", {}, role(state.users[id])))))));
}

const role = (user) => user.title ?? user.profile?.title ?? (user.is_restricted ? "guest" : "");

function avatar(name, id) {
  const initials = name.split(" ").map((word) => word[0]).join("").slice(0, 2);
  const tone = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  return el("span", { class: `avatar tone-${tone}`, "aria-hidden": "true" }, initials);
}

async function goTo(channel) {
  state.channel = channel;
  state.unread.delete(channel);
  await redrawAll();
}

async function become(user) {
  state.user = user;
  await redrawAll();
  await modals.refresh(user, names, toast);
}

async function redrawAll() {
  state.drawn.clear();
  at("messages").replaceChildren();
  at("channel-name").textContent = `# ${names.channel(state.channel)}`;
  drawSidebar();
  await refreshMessages();
}

async function refreshMessages() {
  const asked = { user: state.user, channel: state.channel };
  const found = await api.messages(asked);
  if (asked.user !== state.user || asked.channel !== state.channel) return;
  const list = at("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  if (!found.ok) { fill(list, el("p", { class: "empty" }, `${names.user(state.user)} is not in this channel.`)); return; }
  draw(list, found.messages);
  at("hint").hidden = found.messages.length > 0;
  if (atEnd) list.scrollTop = list.scrollHeight;
}

// Each message keeps its element; only one that changed is made anew, in its place.
function draw(list, messages) {
  const present = new Set();
  list.querySelector(".empty")?.remove();
  for (const message of messages) {
    const key = message.ts;
    const print = JSON.stringify(message);
    present.add(key);
    const old = state.drawn.get(key);
    if (old?.print === print) continue;
    const node = shown(message);
    if (old) old.node.replaceWith(node); else list.append(node);
    state.drawn.set(key, { print, node });
  }
  for (const [key, { node }] of state.drawn) if (!present.has(key)) { node.remove(); state.drawn.delete(key); }
  if (!messages.length) fill(list, el("p", { class: "empty" }, "No messages yet."));
}

function shown(message) {
  const author = state.users[message.user];
  const name = author?.real_name ?? message.user;
  const context = { names, act: (touched, node) => click(message, touched, node) };
  const moment = new Date(Number(message.ts.split(".")[0]) * 1000);
  return el("article", { class: message.ephemeral ? "message private" : "message", "data-ts": message.ts },
    avatar(name, message.user),
    el("div", { class: "content" },
      el("p", { class: "by" }, el("b", {}, name), author?.is_bot ? el("span", { class: "app" }, "APP") : null,
        el("time", { class: "aside" }, moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
        message.ephemeral ? el("span", { class: "aside" }, "Only visible to you") : null),
      message.blocks?.length ? blocks(message.blocks, context) : el("div", { class: "block" }, mrkdwn(message.text ?? "", names)),
      (message.files ?? []).map((file) => el("p", { class: "aside" }, file.title ?? file.name)),
      message.edited ? el("p", { class: "aside edited" }, "(edited)") : null,
      message.reply_count ? thread(message) : null));
}

function thread(message) {
  const box = el("details", { class: "thread" }, el("summary", {}, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`));
  box.addEventListener("toggle", async () => {
    if (!box.open) return;
    const found = await api.messages({ user: state.user, channel: state.channel, thread_ts: message.ts });
    box.querySelectorAll("article").forEach((node) => node.remove());
    box.append(...(found.messages ?? []).filter((reply) => reply.ts !== message.ts).map(shown));
  });
  return box;
}

async function click(message, touched, node) {
  if (node) node.disabled = true;
  const answer = await api.action({ user: state.user, channel: state.channel, ts: message.ts, ...touched });
  if (node) node.disabled = false;
  if (!answer.ok) toast(answer.error);
}

async function send(line) {
  const words = line.trim();
  if (!words) return;
  state.said.push(words);
  state.cursor = state.said.length;
  const place = { user: state.user, channel: state.channel };
  if (words.startsWith("/")) {
    const [command, ...rest] = words.split(" ");
    const answer = await api.command({ ...place, command, text: rest.join(" ") });
    if (!answer.ok) toast(answer.error);
  } else {
    const answer = await api.message({ ...place, text: words });
    if (!answer.ok) toast(answer.error);
  }
}

function complete(input) {
  const match = /^\/(?:model\s+)?(\S*)$/.exec(input.value);
  if (!match || "/model".startsWith(input.value) && input.value !== "/model") { input.value = "/model "; return; }
  const fits = COMMANDS.filter((name) => name.startsWith(match[1]) || input.value === "/model");
  if (fits.length === 1) input.value = `/model ${fits[0]} `;
  at("completion").textContent = fits.length > 1 ? fits.join("  ") : "";
}

function wireComposer() {
  const line = at("line");
  at("composer").addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = line.value;
    line.value = "";
    at("completion").textContent = "";
    await send(words);
  });
  line.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && line.value.startsWith("/")) { event.preventDefault(); complete(line); }
    if (event.key === "ArrowUp" && state.cursor > 0) { line.value = state.said[--state.cursor]; event.preventDefault(); }
    if (event.key === "ArrowDown" && state.cursor < state.said.length) { line.value = state.said[++state.cursor] ?? ""; event.preventDefault(); }
  });
  document.addEventListener("keydown", (event) => {
    const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !writing) { event.preventDefault(); line.focus(); if (!line.value) line.value = "/"; }
  });
  fill(at("hint"), el("p", {}, "Three things to try:"), FIRST_STEPS.map(([title, words]) => el("button", {
    type: "button", onclick: () => { line.value = words; line.focus(); },
  }, el("b", {}, title), el("code", {}, words))));
}

function onEvent(event) {
  if (event.type === "truth") truth.refresh();
  else if (event.type.startsWith("workspace")) loadWorkspace();
  else if (event.type.startsWith("view") || event.type.startsWith("modal")) modals.refresh(state.user, names, toast);
  else {
    if (event.channel && event.channel !== state.channel) { state.unread.add(event.channel); drawSidebar(); }
    refreshMessages();
  }
}

wireComposer();
await loadWorkspace();
await redrawAll();
await truth.refresh();
await modals.refresh(state.user, names, toast);
api.listen(onEvent, (up) => { if (up) { loadWorkspace(); refreshMessages(); } else { at("bot-state").textContent = "The sandbox does not answer"; at("bot-state").className = "down"; } });
setInterval(() => { truth.refresh(); modals.refresh(state.user, names, toast); }, TRUTH_MS);
setInterval(loadWorkspace, 5000);
at("line").focus();
