// The few emoji that are written by name.

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", arrow_forward: "▶️", double_vertical_bar: "⏸️",
  leftwards_arrow_with_hook: "↩️", lock: "🔒", rotating_light: "🚨", no_entry: "⛔", mag: "🔍", eyes: "👀",
  information_source: "ℹ️", bell: "🔔", no_bell: "🔕", tada: "🎉", rocket: "🚀", bulb: "💡", memo: "📝",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪",
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", smile: "😄", thinking_face: "🤔",
};

export const emoji = (name) => EMOJI[name];

export const withEmoji = (text) => text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI[name] ?? whole);
