// The human side of the sandbox's Slack: all that the page knows, it knows from here.

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(`/human/${path}`, options);
  const found = await answer.json();
  return { ok: answer.ok, ...found };
}

const query = (values) => new URLSearchParams(values).toString();

export const workspace = () => call("GET", "workspace");
export const truth = () => call("GET", "truth");
export const messages = (values) => call("GET", `messages?${query(values)}`);
export const views = (user) => call("GET", `views?${query({ user })}`);
export const command = (body) => call("POST", "command", body);
export const message = (body) => call("POST", "message", body);
export const action = (body) => call("POST", "action", body);
export const submit = (body) => call("POST", "submit", body);
export const close = (body) => call("POST", "close", body);

export function listen(onEvent, onState) {
  const source = new EventSource("/human/events");
  source.onmessage = (event) => onEvent(JSON.parse(event.data));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
}
