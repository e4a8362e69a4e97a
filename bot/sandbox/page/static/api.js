// The human side of the sandbox's Slack: all that the page knows, it knows from here.

const DEADLINE_MS = 15_000;

async function call(method, path, body) {
  const options = { method, signal: AbortSignal.timeout(DEADLINE_MS) };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(`/human/${path}`, options);
    const found = await answer.json();
    return { ...found, ok: answer.ok && found.ok !== false };
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

const query = (values) => new URLSearchParams(values).toString();

export const workspace = (user) => call("GET", `workspace?${query({ user })}`);
export const everything = () => call("GET", "workspace");
export const truth = () => call("GET", "truth");
export const messages = (values) => call("GET", `messages?${query(values)}`);
export const views = (user) => call("GET", `views?${query({ user })}`);
export const command = (body) => call("POST", "command", body);
export const message = (body) => call("POST", "message", body);
export const action = (body) => call("POST", "action", body);
export const submit = (body) => call("POST", "submit", body);
export const close = (body) => call("POST", "close", body);
export const suggest = (body) => call("POST", "suggest", body);
export const shortcut = (body) => call("POST", "shortcut", body);
export const lookAtHome = (user) => call("POST", "home", { user });
export const home = (user) => call("GET", `home?${query({ user })}`);
export const change = (body) => call("PATCH", "workspace", body);
export const faults = (path) => call("GET", path);
export const begin = (path, fault) => call("POST", path, fault);
export const endAll = (path) => call("DELETE", path);
