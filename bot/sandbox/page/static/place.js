// Who looks at which conversation, and the names of all that messages mention.

import * as api from "./api.js";

const FIRST_PERSON = "U0REQUESTER";
const FIRST_CHANNEL = "C0RELEASES";

export const place = {
  user: sessionStorage.getItem("user") ?? FIRST_PERSON,
  channel: asked().channel ?? FIRST_CHANNEL,
  users: {}, groups: {}, channels: {}, bot: {},
};

export const names = {
  user: (id) => place.users[id]?.real_name ?? id,
  channel: (id) => (place.channels[id]?.is_im ? "direct message" : place.channels[id]?.name ?? id),
  group: (id) => place.groups[id]?.handle ?? id,
  isMine: (id) => id === place.user || Boolean(place.groups[id]?.users.includes(place.user)),
  people: () => Object.values(place.users).filter((user) => !user.is_bot && !user.deleted),
  rooms: () => Object.values(place.channels).filter((channel) => !channel.is_im && !channel.is_archived),
};

const byId = (entries) => Object.fromEntries((entries ?? []).map((entry) => [entry.id, entry]));

// Reads the workspace as the person sees it; who lost sight of a conversation is led to one that is open.
export async function look() {
  const found = await api.workspace(place.user);
  if (!found.users) return false;
  place.users = byId(found.users);
  place.groups = byId(found.groups);
  place.channels = byId(found.channels);
  place.bot = found.bot;
  if (!place.users[place.user] || place.users[place.user].deleted) place.user = (names.people().find(({ id }) => id === FIRST_PERSON) ?? names.people()[0])?.id ?? FIRST_PERSON;
  if (!place.channels[place.channel]) place.channel = found.channels[0]?.id ?? FIRST_CHANNEL;
  return true;
}

export function become(user) {
  const isDirect = place.channels[place.channel]?.is_im;
  place.user = user;
  sessionStorage.setItem("user", user);
  if (isDirect) place.channel = `D${user.slice(1)}`;
}

export function enter(channel) {
  place.channel = channel;
  history.replaceState(null, "", `#/archives/${channel}`);
}

// A permalink names the channel and, with the point left out, the message's time stamp.
export function asked() {
  const [, channel, digits] = /^#\/archives\/(\w+)(?:\/p(\d+))?/.exec(location.hash) ?? [];
  return { channel, ts: digits ? `${digits.slice(0, -6)}.${digits.slice(-6)}` : undefined };
}
