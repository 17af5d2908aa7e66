// Ctrl K: complaints and pages from the server, acts from the page that is open.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const palette = $("#palette");
const MOST_ACTS = 12;
let shownFor = null, impatient = false; // Enter came before the answer did
const ACTS = ".page-head__acts button, .page-head__acts a, .panel__body .acts > button, .composer [data-kind-set], .menu__list [role=menuitem]";

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  const input = $("input", palette);
  input.value = "";
  input.focus();
  shownFor = null;
  impatient = false;
  htmx.trigger(document.body, "palette-open");
}

const label = (one) => [...one.childNodes].filter((n) => n.nodeName !== "KBD").map((n) => n.textContent).join("").trim();
function acts(q) {
  const found = new Map();
  for (const one of $$(ACTS)) {
    const text = label(one);
    if (text && !one.disabled && !found.has(text) && text.toLowerCase().includes(q.toLowerCase())) found.set(text, one);
  }
  return [...found].slice(0, MOST_ACTS);
}

function fill(list) {
  const q = $("input", palette).value.trim();
  const box = $("[data-acts]", list);
  if (!box) return;
  for (const [text, source] of acts(q)) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "option");
    const icon = source.querySelector("svg, .dot");
    if (icon) button.append(icon.cloneNode(true));
    const name = document.createElement("span");
    name.textContent = text;
    button.append(name);
    button.addEventListener("click", () => { palette.close(); source.click(); });
    box.append(button);
  }
  $("[data-acts-title]", list).hidden = !box.children.length;
  $("[data-none]", list).hidden = Boolean($("[role=option]", list));
  mark($$("[role=option]", list), 0);
  shownFor = q;
  if (impatient) $("[role=option]", list)?.click();
  impatient = false;
}

function mark(items, at) {
  items.forEach((item, i) => { item.classList.toggle("is-at", i === at); item.setAttribute("aria-selected", i === at); });
  items[at]?.scrollIntoView({ block: "nearest" });
}

palette?.addEventListener("keydown", (e) => {
  const items = $$("#palette-list [role=option]");
  const at = items.findIndex((i) => i.classList.contains("is-at"));
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    mark(items, (at + (e.key === "ArrowDown" ? 1 : -1) + items.length) % items.length);
  } else if (e.key === "Enter") {
    e.preventDefault();
    impatient = shownFor !== $("input", palette).value.trim();
    if (!impatient) (items[at] || items[0])?.click();
  }
});
document.body.addEventListener("htmx:afterSwap", (e) => { if (e.target.id === "palette-list") fill(e.target); });
document.addEventListener("click", (e) => { if (e.target.closest("[data-palette-open]")) openPalette(); });
