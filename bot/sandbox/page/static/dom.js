// Builds elements; text always goes in as text, never as markup.

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:"]);

const present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...present(children));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...present(children));
}

export function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

const PERMALINK = /^\/archives\/\w+\/p\d+$/;

// A message of this workspace is shown here, another page beside this one; anything but a web or mail address stays text.
export function link(address, words) {
  const label = words || address;
  if (!URL.canParse(address, location.href)) return label;
  const found = new URL(address, location.href);
  if (!SAFE_SCHEMES.has(found.protocol)) return label;
  if (found.origin === location.origin && PERMALINK.test(found.pathname)) return el("a", { href: `#${found.pathname}` }, label);
  return el("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, label);
}

let count = 0;

export function freshId() {
  count += 1;
  return `n${count}`;
}
