// Times as Slack's date tokens ask for them, in the reader's own zone.

import { el } from "./dom.js";

const DAY_MS = 86_400_000;

const time = (moment, seconds) => moment.toLocaleTimeString([], { hour: "numeric", minute: "2-digit", second: seconds ? "2-digit" : undefined });
const day = (moment, shape) => moment.toLocaleDateString([], shape);
const isThisYear = (moment) => moment.getFullYear() === new Date().getFullYear();

const SHORT = { month: "short", day: "numeric" };
const LONG = { month: "long", day: "numeric" };

function pretty(moment, shape) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(moment) - midnight(new Date())) / DAY_MS);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  return near ?? day(moment, isThisYear(moment) ? shape : { ...shape, year: "numeric" });
}

function ago(moment) {
  const seconds = (moment.getTime() - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat([], { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(Math.round(seconds), "second");
}

const TOKENS = {
  date_num: (moment) => moment.toISOString().slice(0, 10),
  date_slash: (moment) => day(moment),
  date_long: (moment) => day(moment, { weekday: "long", ...LONG, year: "numeric" }),
  date_long_full: (moment) => day(moment, { ...LONG, year: "numeric" }),
  date_long_pretty: (moment) => pretty(moment, { weekday: "long", ...LONG }),
  date: (moment) => day(moment, { ...LONG, year: "numeric" }),
  date_pretty: (moment) => pretty(moment, LONG),
  date_short: (moment) => day(moment, { ...SHORT, year: "numeric" }),
  date_short_pretty: (moment) => pretty(moment, SHORT),
  time: (moment) => time(moment, false),
  time_secs: (moment) => time(moment, true),
  ago,
};

export function date(seconds, format, fallback) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return fallback;
  const words = format.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(moment) ?? whole);
  return el("time", { datetime: moment.toISOString(), title: moment.toLocaleString() }, words);
}

export function clock(ts) {
  const moment = new Date(Number(ts.split(".")[0]) * 1000);
  const isToday = moment.toDateString() === new Date().toDateString();
  const words = isToday ? time(moment, false) : `${day(moment, SHORT)}, ${time(moment, false)}`;
  return el("time", { class: "aside", datetime: moment.toISOString(), title: moment.toLocaleString() }, words);
}
