// What can be typed behind /model, to complete it and to show what comes next.

const SLASH = "/model";

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
  whoami: "",
};

export const EXAMPLES = [
  ["Compare two versions", "/model compare gcn_rag_assistant"],
  ["Ask for a promotion", "/model promote iris_classifier 2 because fewer mistakes near the border"],
  ["Take it back", "/model rollback iris_classifier because false alarms"],
];

const takesName = (command) => USAGE[command]?.startsWith("NAME");

// What may stand in place of the word that is being typed, `models` being the short names of all models.
function candidates(words, models) {
  if (words.length === 1) return [SLASH];
  if (words[0] !== SLASH) return [];
  if (words.length === 2) return Object.keys(USAGE);
  if (words.length === 3 && takesName(words[1])) return models;
  if (words.length === 3 && words[1] === "help") return Object.keys(USAGE);
  if (words.length === 3 && words[1] === "requests") return ["mine", "waiting", "all"];
  return [];
}

function sharedStart(words) {
  let start = words[0];
  while (!words.every((word) => word.startsWith(start))) start = start.slice(0, -1);
  return start;
}

// Returns the completed line and the words to choose from; null when there is nothing to complete.
export function completed(line, models) {
  if (!line.startsWith("/")) return null;
  const words = line.split(" ");
  const typed = words.at(-1);
  const fits = candidates(words, models).filter((word) => word.startsWith(typed));
  if (!fits.length || (fits.length === 1 && fits[0] === typed && words.length > 2)) return null;
  const end = fits.length === 1 ? `${fits[0]} ` : sharedStart(fits);
  return { line: [...words.slice(0, -1), end].join(" "), choices: fits.length > 1 ? fits : [] };
}

// How the command at the start of the line goes on, in a few words.
export function usage(line) {
  const [slash, command] = line.split(" ");
  if (slash !== SLASH || !(command in USAGE)) return "";
  return `${SLASH} ${command} ${USAGE[command]}`;
}
