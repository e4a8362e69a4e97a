// The question before a step that cannot be undone.

import { el } from "./dom.js";
import { text } from "./mrkdwn.js";
import { names } from "./place.js";

// Resolves to true when the person goes on, to false on the other button and on Escape.
export function asked(question) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "confirm", "aria-label": question.title.text });
    const leave = (answer) => { dialog.returnValue = answer; dialog.close(answer); };
    dialog.append(
      el("h3", {}, question.title.text),
      el("p", {}, text(question.text, names)),
      el("div", { class: "row" },
        el("button", { type: "button", class: "button", onclick: () => leave("no") }, question.deny.text),
        el("button", { type: "button", class: `button ${question.style ?? "primary"}`, autofocus: true, onclick: () => leave("yes") }, question.confirm.text)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
