// The page: channels and people at the left, the talk in the middle, the truth at the right.

import * as api from "./api.js";
import * as composer from "./composer.js";
import { fill } from "./dom.js";
import * as home from "./home.js";
import * as levers from "./levers.js";
import { inTurn, listen } from "./live.js";
import * as members from "./members.js";
import * as modals from "./modals.js";
import { asked, become, enter, look, names, place } from "./place.js";
import * as sidebar from "./sidebar.js";
import { isAtEnd, steady, timeline } from "./timeline.js";
import * as truth from "./truth.js";

const TRUTH_MS = 1000;
const WORKSPACE_MS = 3000;
const FLASH_MS = 2500;

const at = (id) => document.getElementById(id);
const list = at("messages");
const talk = timeline(at("talk"));
let drawnFor = "";
let isEmpty = true;
let followsEnd = true;

const refreshMessages = inTurn(async () => {
  const spot = { user: place.user, channel: place.channel };
  const key = `${spot.user} ${spot.channel}`;
  const found = await api.messages(spot);
  if (key !== `${place.user} ${place.channel}` || !found.messages) return;
  const isNewPlace = key !== drawnFor;
  const known = isNewPlace ? 0 : list.querySelectorAll("#talk > article").length;
  if (isNewPlace) talk.clear();
  drawnFor = key;
  const wasAtEnd = steady(list, () => talk.draw(found.messages));
  isEmpty = !found.messages.length;
  composer.offer(isEmpty);
  if (isNewPlace) list.scrollTop = list.scrollHeight;
  else if (!wasAtEnd && found.messages.length > known) at("newer").hidden = false;
  await talk.refreshThreads();
});

const refreshWorkspace = inTurn(async () => {
  const isUp = await look();
  const words = isUp ? (place.bot.is_connected ? "Herald is connected" : "Herald is not connected") : "The sandbox does not answer";
  const state = at("bot-state");
  if (state.textContent !== words) state.textContent = words;
  state.className = isUp && place.bot.is_connected ? "up" : "down";
  if (isUp) drawFrame();
});

function drawFrame() {
  sidebar.draw(goTo, be);
  home.frame();
  const channel = place.channels[place.channel];
  fill(at("channel-name"), channel?.is_im ? names.user(place.bot.user_id) : `# ${names.channel(place.channel)}`);
  at("channel-topic").textContent = channel?.is_im ? `Between you and ${names.user(place.bot.user_id)}` : channel?.topic ?? "";
}

async function goTo(channel) {
  enter(channel);
  at("newer").hidden = true;
  drawFrame();
  await Promise.all([refreshMessages(), home.look(), members.refresh()]);
}

async function be(user) {
  become(user);
  await refreshWorkspace();
  enter(place.channel);
  await Promise.all([refreshMessages(), home.look(), modals.refresh()]);
}

async function follow() {
  const { channel, ts } = asked();
  if (channel && place.channels[channel]) {
    place.channel = channel;
    drawFrame();
    await refreshMessages();
  }
  const node = ts && talk.node(ts);
  if (!node) return;
  node.scrollIntoView({ block: "start" });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), FLASH_MS);
}

function onEvent(event) {
  if (event.type === "truth") truth.refresh();
  else if (event.type === "workspace_changed") refreshWorkspace().then(() => Promise.all([refreshMessages(), members.refresh()]));
  else if (event.type === "home_published" && event.user === place.user) home.refresh();
  else if (event.type.startsWith("view_")) modals.refresh();
  else if (event.channel) {
    sidebar.note(event);
    drawFrame();
    if (event.channel === place.channel) refreshMessages();
  }
}

async function onStream(isUp) {
  await refreshWorkspace();
  if (isUp) await Promise.all([refreshMessages(), truth.refresh(), modals.refresh(), home.refresh(), levers.refresh(), members.refresh()]);
}

at("aside-toggle").addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("with-aside");
  at("aside-toggle").setAttribute("aria-expanded", String(isOpen));
});
at("newer").addEventListener("click", () => { list.scrollTop = list.scrollHeight; });
list.addEventListener("scroll", () => {
  followsEnd = isAtEnd(list);
  if (followsEnd) at("newer").hidden = true;
});
// The composer grew or the window shrank: who was at the end stays there.
new ResizeObserver(() => { if (followsEnd) list.scrollTop = list.scrollHeight; }).observe(list);
addEventListener("hashchange", follow);
document.addEventListener("visibilitychange", () => { if (!document.hidden) drawFrame(); });

composer.start(() => isEmpty);
home.start();
levers.start();
members.start();
await refreshWorkspace();
await refreshMessages();
await follow();
listen(onEvent, onStream);
setInterval(() => { if (!document.hidden) truth.refresh(); }, TRUTH_MS);
setInterval(() => { if (!document.hidden) levers.refresh(); }, WORKSPACE_MS);
setInterval(() => { if (!document.hidden) refreshWorkspace(); }, WORKSPACE_MS);
