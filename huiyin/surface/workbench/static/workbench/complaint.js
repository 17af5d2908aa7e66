// The complaint page: story, panels that remember, who else is here.
import { panelAnew } from "./anew.js";
import "./composer.js";
import "./evidence.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const page = $("#complaint"), story = $("#story");

// --- story: opened at the first unread; afterwards it follows the end, unless somebody reads above
const atEnd = () => story.scrollHeight - story.scrollTop - story.clientHeight < 80;
const toEnd = () => { story.scrollTop = story.scrollHeight; fresh.hidden = true; };
const fresh = $("[data-to-end]");
const unread = $("[data-unread]", story);
if (unread) story.scrollTop = unread.offsetTop - story.offsetTop - 12; else story.scrollTop = story.scrollHeight;
let wasAtEnd = true, entries = story.childElementCount;
story.addEventListener("before-anew", () => { wasAtEnd = atEnd(); });
document.body.addEventListener("htmx:afterSettle", (e) => {
  if (!story.contains(e.target) && e.target !== story) return;
  counts();
  if (e.target !== story) return;
  if (wasAtEnd) toEnd(); else if (story.childElementCount > entries) fresh.hidden = false;
  entries = story.childElementCount;
});
fresh.addEventListener("click", toEnd);
story.addEventListener("scroll", () => { if (atEnd()) fresh.hidden = true; }, { passive: true });

function counts() {
  const count = (q) => $$(q, story).reduce((sum, one) => sum + Number(one.dataset.count || 1), 0) || "";
  const found = { talk: "[data-kind=talk]", note: "[data-kind=note]", evidence: "[data-has-evidence]", event: "[data-kind=event]" };
  for (const [name, q] of Object.entries(found)) $(`[data-story=${name}] b`).textContent = count(q);
}
counts();
function show(kind) {
  story.dataset.show = kind;
  $$("[data-story]").forEach((tab) => tab.setAttribute("aria-pressed", tab.dataset.story === kind));
  if (kind === "event") $$(".story__fold", story).forEach((fold) => { fold.open = true; });
  toEnd();
}

// --- panes of the phone, panels, the number ---------------------------------------------------------
function pane(name) {
  page.dataset.pane = name;
  $$("[data-pane]", page).forEach((tab) => { if (tab !== page) tab.setAttribute("aria-selected", tab.dataset.pane === name); });
}
document.addEventListener("before-open", (e) => { if (e.target.closest("#pane-panels")) pane("panels"); });
document.addEventListener("click", (e) => {
  const tab = e.target.closest("[data-story]");
  if (tab) show(tab.dataset.story);
  const half = e.target.closest("button[data-pane]");
  if (half) pane(half.dataset.pane);
  const asked = e.target.closest("[data-panel-open]");
  if (asked) call(asked.dataset.panelOpen);
});
function call(name) {
  const panel = $(`[data-panel="${CSS.escape(name)}"]`);
  if (!panel) return;
  pane("panels");
  panel.open = true;
  panel.classList.remove("is-called");
  requestAnimationFrame(() => panel.classList.add("is-called"));
  panel.scrollIntoView({ block: "nearest" });
  $("button:not([data-dialog]), summary, select, input", $(".panel__body", panel))?.focus({ preventScroll: true });
}
const folded = new Set(JSON.parse(localStorage.getItem("folded-panels") || "[]"));
// Panels come in two answers: each time the rail is drawn of those that are there.
const rail = $("#rail");
function settle() {
  rail.replaceChildren(...$$("[data-panel]:not([hidden])").map((panel) => {
    if (folded.has(panel.dataset.panel)) panel.open = false;
    const button = document.createElement("button"), title = $("h2", panel).textContent;
    Object.assign(button, { type: "button", className: "rail__to", title });
    button.setAttribute("aria-label", title);
    button.dataset.panelOpen = panel.dataset.panel;
    button.append($("summary .icon", panel).cloneNode(true));
    return button;
  }));
}
settle();
document.body.addEventListener("htmx:afterSettle", (e) => { if (e.detail.target.id === "late-panels" || e.target.dataset?.panel) settle(); });
// A panel that had nothing to say shows itself when it has.
document.body.addEventListener("htmx:afterSwap", (e) => {
  const panel = e.detail.target.closest?.(".panel[hidden]");
  if (!panel || !e.detail.target.childElementCount) return;
  panel.hidden = false;
  settle();
});
document.addEventListener("toggle", (e) => {
  const name = e.target.dataset?.panel;
  if (!name) return;
  folded[e.target.open ? "delete" : "add"](name);
  localStorage.setItem("folded-panels", JSON.stringify([...folded]));
}, true);

// A remedy brings its wording and its usual day, as long as nobody has written others.
function bring(form, name, value) {
  const box = form.elements[name];
  if (!box || (box.value && box.value !== box.dataset.filled)) return;
  box.value = value || "";
  box.dataset.filled = box.value;
}
document.addEventListener("change", (e) => {
  const select = e.target.closest("[data-fills], [data-sets]"), chosen = select?.selectedOptions[0];
  if (!chosen) return;
  if (select.dataset.fills) bring(select.form, select.dataset.fills, chosen.dataset.text);
  if (select.dataset.sets) bring(select.form, select.dataset.sets, chosen.dataset.value);
});

// A panel in which somebody writes is not refreshed under the hands but when he has done.
const dirty = new WeakSet(), stale = new WeakSet();
let mine = 0;
document.addEventListener("input", (e) => { const body = e.target.closest(".panel__body"); if (body) dirty.add(body); });
document.body.addEventListener("complaint-changed", () => { mine = Date.now(); $$(".panel__body").forEach((b) => dirty.delete(b)); });
document.addEventListener("close", (e) => {
  const body = e.target.closest?.(".panel__body");
  if (!body || !stale.has(body)) return;
  stale.delete(body);
  dirty.delete(body);
  setTimeout(() => panelAnew(body));
}, true);
document.addEventListener("before-anew", (e) => {
  const body = e.target;
  if (!body.classList.contains("panel__body")) return;
  const asks = $("dialog[open]", body);
  if (asks) stale.add(body);
  if (asks || (dirty.has(body) && Date.now() - mine > 1500)) e.preventDefault();
});

// --- who else is here: this page says that it is looked at, and hears before whose eyes else ----------
const PING = 30_000;
let names = "", known = page.dataset.changed; // when last something happened, as far as this page knows
async function look() {
  if (document.hidden) return;
  const headers = { "X-CSRFToken": $("meta[name=csrf-token]").content, "X-Background": "1" };
  const answer = await fetch(page.dataset.look, { method: "POST", headers }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type").includes("json")) return;
  const { here, changed } = await answer.json();
  names = here.join("、");
  tell();
  const missed = known && known !== changed;
  known = changed;
  if (missed) htmx.trigger(document.body, "complaint-changed-elsewhere");
}
function tell() {
  const line = $("[data-here]");
  if (!line) return;
  line.hidden = !names;
  line.textContent = line.dataset.word.replace("{names}", names);
}
setInterval(look, PING);
document.addEventListener("visibilitychange", look);
document.body.addEventListener("live-again", look);
for (const news of ["complaint-changed", "complaint-changed-elsewhere"]) document.body.addEventListener(news, () => { known = ""; setTimeout(look, 800); });
document.body.addEventListener("htmx:afterSettle", (e) => { if (e.target.id === "header") tell(); });
look();
