// What can be typed behind /model, to complete it and to show what comes next.

export const SLASH = "/model";

export const USAGE = {
  help: "[COMMAND]",
  list: "[WORDS]",
  show: "NAME[@ALIAS|/VERSION]",
  endpoints: "[WORDS]",
  endpoint: "NAME",
  health: "[WORDS]",
  compare: "NAME [A] [B]",
  check: "NAME VERSION|@ALIAS [to ALIAS]",
  promote: "NAME VERSION|@ALIAS [to ALIAS] [because …]",
  rollback: "NAME [to VERSION] [because …]",
  requests: "[mine|waiting|all]",
  request: "CR-n",
  resolve: "CR-n because …",
  freeze: "[MODEL|GLOB] [until TIME|for DURATION] because …",
  unfreeze: "[MODEL|GLOB] [because …]",
  freezes: "",
  automatic: "[on|off because …]",
  compliance: "NAME [VERSION|@ALIAS]",
  whoami: "",
  access: "NAME",
};

export const EXAMPLES = [
  ["Compare two versions", "/model compare gcn_rag_assistant"],
  ["Ask for a promotion", "/model promote iris_classifier 2 because fewer mistakes near the border"],
  ["Take it back", "/model rollback iris_classifier because false alarms"],
];

// What a person may begin from anywhere, as the manifest names it.
export const SHORTCUTS = [
  ["promote_model", "Promote a model"],
  ["compare_versions", "Compare versions"],
];

const MENTION = /^@[\w.-]*$/;
const plain = (words) => words.map((word) => ({ word, about: "" }));
const COMMANDS = Object.entries(USAGE).map(([word, about]) => ({ word, about }));

// What may stand in place of the word that is being typed; `known` holds names of models, endpoints and people.
function candidates(words, known) {
  if (MENTION.test(words.at(-1))) return plain(known.people.map((name) => `@${name}`));
  if (words.length === 1) return words[0].startsWith("/") ? [{ word: SLASH, about: "[COMMAND]" }] : [];
  if (words[0] !== SLASH) return [];
  if (words.length === 2) return COMMANDS;
  if (words.length > 3) return [];
  if (words[1] === "endpoint") return plain(known.endpoints);
  if (words[1] === "help") return COMMANDS;
  if (words[1] === "automatic") return plain(["on", "off"]);
  if (words[1] === "access") return plain(known.people.map((name) => `@${name}`));
  if (words[1] === "freeze" || words[1] === "unfreeze") return plain(known.models);
  if (words[1] === "requests") return plain(["mine", "waiting", "all"]);
  return USAGE[words[1]]?.startsWith("NAME") ? plain(known.models) : [];
}

// The words to choose from at the end of the line, none when it is already there.
export function offers(line, known) {
  const words = line.split(" ");
  const typed = words.at(-1);
  const fits = candidates(words, known).filter(({ word }) => word.startsWith(typed));
  return fits.length === 1 && fits[0].word === typed && words.length > 2 ? [] : fits;
}

export const withWord = (line, word) => `${[...line.split(" ").slice(0, -1), word].join(" ")} `;

function sharedStart(words) {
  let start = words[0];
  while (!words.every((word) => word.startsWith(start))) start = start.slice(0, -1);
  return start;
}

// Returns the line completed as far as all offers agree; null when there is nothing to complete.
export function completed(line, known) {
  const fits = offers(line, known).map(({ word }) => word);
  if (!fits.length) return null;
  const end = sharedStart(fits);
  return fits.length === 1 ? withWord(line, end) : [...line.split(" ").slice(0, -1), end].join(" ");
}

// How the command at the start of the line goes on, in a few words.
export function usage(line) {
  const [slash, command] = line.split(" ");
  if (slash !== SLASH || !(command in USAGE)) return "";
  return `${SLASH} ${command} ${USAGE[command]}`;
}
