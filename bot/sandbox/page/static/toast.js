// Short notes for what went wrong, in plain words; they lie above everything, open modals too.

import { el } from "./dom.js";

const SHOWN_MS = 7000;

const TROUBLES = {
  operation_timeout: "Herald did not confirm within three seconds. It may still be working on it: look before you try again.",
  databricks_down: "The Databricks double does not answer.",
  dispatch_failed: "Herald is not connected, so nothing was sent to it.",
  no_such_command: "No app here has that command, so nothing was sent. Herald's is /model: try /model help.",
  unreachable: "The sandbox does not answer. Is it still running?",
  action_not_found: "That button is no longer there.",
  option_not_found: "That choice is no longer offered.",
  message_not_found: "That message is no longer there.",
  view_not_found: "That dialog is already closed.",
  view_not_on_top: "Another dialog lies above this one.",
  channel_not_found: "You cannot see this channel.",
  is_archived: "This channel is archived: nobody can write in it.",
  invalid_body: "The sandbox does not understand what the page sent. Reload the page.",
};

// `words` say it themselves where nothing went wrong.
export function toast(error, words) {
  const box = document.getElementById("toasts");
  const note = el("p", { class: words ? "calm" : undefined }, words ?? TROUBLES[error] ?? `That did not work (${error ?? "no reason given"}).`);
  box.append(note);
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  setTimeout(() => {
    note.remove();
    if (!box.children.length) box.hidePopover();
  }, SHOWN_MS);
}
