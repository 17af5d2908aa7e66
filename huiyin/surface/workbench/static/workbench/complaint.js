// The complaint page: story tabs, composer, panels that remember.
import { forgetDraft, toast } from "/static/huiyin/frame.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const number = document.body.dataset.complaint;
const story = $("#story");

const toEnd = () => { story.scrollTop = story.scrollHeight; };
toEnd();
let wasAtEnd = true;
document.body.addEventListener("htmx:beforeSwap", (e) => { if (e.detail.target === story) wasAtEnd = story.scrollHeight - story.scrollTop - story.clientHeight < 80; });
document.body.addEventListener("htmx:afterSwap", (e) => { if (e.detail.target === story && wasAtEnd) toEnd(); });

document.addEventListener("click", (e) => {
  const tab = e.target.closest("[data-story]");
  if (tab) { story.dataset.show = tab.dataset.story; $$("[data-story]").forEach((t) => t.setAttribute("aria-selected", t === tab)); toEnd(); }
  const pane = e.target.closest("[data-pane]:not(article)");
  if (pane) { $("#complaint").dataset.pane = pane.dataset.pane; $$("button[data-pane]").forEach((t) => t.setAttribute("aria-selected", t === pane)); }
  const kind = e.target.closest("[data-kind-set]");
  if (kind) choose(kind.dataset.kindSet, true);
  const copy = e.target.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(copy.dataset.copied));
});

const composer = $("[data-composer]");
function choose(kind, focus = false) {
  composer.dataset.kind = kind;
  composer.elements.kind.value = kind;
  $$("[data-kind-set]", composer).forEach((t) => t.setAttribute("aria-selected", t.dataset.kindSet === kind));
  $$("[data-main]", composer).forEach((b) => { b.disabled = b.dataset.only !== kind; });
  const text = composer.elements.text;
  text.placeholder = text.dataset[`placeholder${kind[0].toUpperCase()}${kind.slice(1)}`];
  if (focus) text.focus();
}
if (composer) {
  choose(composer.dataset.kind);
  const files = composer.elements.files, names = $("[data-file-names]", composer);
  const told = () => { names.textContent = files.files.length ? [...files.files].map((f) => f.name).join("、") : names.dataset.none; };
  files.addEventListener("change", told);
  document.body.addEventListener("message-written", () => { composer.elements.text.value = ""; files.value = ""; told(); forgetDraft(`c-${number}`); $("[data-draft-told]", composer).textContent = ""; choose(composer.dataset.kind); });
  document.body.addEventListener("htmx:afterRequest", (e) => { if (e.detail.elt === composer) choose(composer.dataset.kind); });
}

// Panels that were folded stay folded.
const folded = new Set(JSON.parse(localStorage.getItem("folded-panels") || "[]"));
$$("[data-panel]").forEach((panel) => {
  if (folded.has(panel.dataset.panel)) panel.open = false;
  panel.addEventListener("toggle", () => { folded[panel.open ? "delete" : "add"](panel.dataset.panel); localStorage.setItem("folded-panels", JSON.stringify([...folded])); });
});

// A remedy brings its wording, as long as nobody has written another.
document.addEventListener("change", (e) => {
  const select = e.target.closest("[data-fills]");
  if (!select) return;
  const box = select.form.elements[select.dataset.fills], text = select.selectedOptions[0]?.dataset.text || "";
  if (!box.value || box.value === box.dataset.filled) { box.value = text; box.dataset.filled = text; }
});

// A panel in which somebody writes is not refreshed under the hands.
const dirty = new WeakSet();
document.addEventListener("input", (e) => { const body = e.target.closest(".panel__body"); if (body) dirty.add(body); });
let mine = false;
document.body.addEventListener("complaint-changed", () => { mine = true; $$(".panel__body").forEach((b) => dirty.delete(b)); setTimeout(() => { mine = false; }, 1500); });
document.body.addEventListener("htmx:beforeSwap", (e) => {
  const body = e.detail.target;
  if (body.classList?.contains("panel__body") && !mine && (dirty.has(body) || $("dialog[open]", body))) e.detail.shouldSwap = false;
});
