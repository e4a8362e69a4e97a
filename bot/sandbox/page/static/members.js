// Switches that change the workspace under Herald: who is a member of what, who left, what is archived.

import * as api from "./api.js";
import { el, fill } from "./dom.js";
import { inTurn } from "./live.js";
import { names, place } from "./place.js";
import { toast } from "./toast.js";

const HEADS = ["Person", "In channel", "Active"];
let drawn = "";

async function change(body) {
  const answer = await api.change(body);
  if (!answer.ok) toast(answer.error);
}

const box = () => document.getElementById("members-body");

// All channels and people, those included that the person at the page cannot see.
export const refresh = inTurn(async () => {
  if (!document.getElementById("members").open) return;
  const found = await api.everything();
  if (!found.users) return;
  const rooms = found.channels.filter((channel) => !channel.is_im);
  const room = rooms.find((channel) => channel.id === place.channel) ?? rooms[0];
  const print = JSON.stringify([found.users, rooms, found.groups, room.id]);
  if (print === drawn) return;
  drawn = print;
  const focused = box().contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  fill(box(), channels(rooms), people(found.users, room), groups(found.groups, found.users));
  if (focused) box().querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
});

function tick(label, checked, send) {
  const node = el("input", { type: "checkbox", role: "switch", "aria-label": label, title: label });
  node.checked = checked;
  node.addEventListener("change", () => send(node.checked));
  return node;
}

function channels(rooms) {
  return [el("h3", {}, "Channels"), rooms.map((room) => el("div", { class: "lever line" },
    el("span", {}, `# ${room.name}`),
    tick(`${room.name} is archived`, room.is_archived, (isOn) => change({ channels: { [room.id]: { is_archived: isOn } } })),
    el("span", { class: "aside" }, "archived")))];
}

function people(users, room) {
  const joined = (id, isOn) => (isOn ? [...room.members, id] : room.members.filter((member) => member !== id));
  const rows = users.map((user) => el("tr", {},
    el("td", {}, user.real_name),
    el("td", {}, tick(`${user.real_name} is in ${room.name}`, room.members.includes(user.id), (isOn) => change({ channels: { [room.id]: { members: joined(user.id, isOn) } } }))),
    el("td", {}, user.is_bot ? null : tick(`${user.real_name} is active`, !user.deleted, (isOn) => change({ users: { [user.id]: { deleted: !isOn } } })))));
  const heads = HEADS.map((head) => el("th", { scope: "col" }, head === "In channel" ? `In # ${room.name}` : head));
  return [el("h3", {}, "People"), el("table", { class: "members" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows))];
}

function groups(all, users) {
  const staff = users.filter((user) => !user.is_bot);
  return all.map((group) => el("details", {}, el("summary", {}, `@${group.handle}: ${group.users.map(names.user).join(", ") || "nobody"}`),
    staff.map((user) => el("div", { class: "lever line" }, el("span", {}, user.real_name),
      tick(`${user.real_name} is in ${group.handle}`, group.users.includes(user.id), (isOn) => change({
        groups: { [group.id]: isOn ? [...group.users, user.id] : group.users.filter((id) => id !== user.id) },
      }))))));
}

export function start() {
  document.getElementById("members").addEventListener("toggle", () => { drawn = ""; refresh(); });
}
