// Calls on every page: the pop, the bar, the timers, the hold guard. What is typed is never redrawn.
import { ring } from "../huiyin/alerts.js";
import { forgetDraft } from "../huiyin/drafts.js";
import { words } from "../huiyin/toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const place = $("#calls");
const AWAY = "huiyin-pops-away"; // pops that were put aside, on all pages of this browser
const FOLDED = "huiyin-folded"; // since when he waits whose offer of a call-back was put aside here
const skew = Number(document.body.dataset.now) * 1000 - Date.now();
const off = Math.abs(skew) > 5000 ? skew : 0; // the clock on the desk is wrong
const pad = (n) => String(n).padStart(2, "0");
const PATIENCE = 10000, SOON = 3000; // ms
let asking = 0, again = false, soon = 0, keeping = 0;

// --- asking: the last answer wins, and only what changed is drawn -----------------------------------
async function ask() {
  if (asking) { again = true; return; }
  asking = 1;
  clearTimeout(soon);
  try {
    const answer = await fetch(place.dataset.calls, { headers: { "X-Background": "1" }, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) draw(await answer.text());
    else if (answer.status >= 500) throw answer;
  } catch { soon = setTimeout(ask, SOON); } // a call rings for some twenty seconds, not until the next word
  asking = 0;
  if (again) { again = false; ask(); }
}

function draw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const now = $("[data-call]", place), next = $("[data-call]", fresh);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = $$("details[open]", place).map((one) => one.id);
  if (place.childElementCount && (now?.dataset.call || "") === (next?.dataset.call || "")) {
    if (now) now.className = next.className;
    for (const slot of $$("[data-slot]", fresh)) replace(slot, open);
    takeNotes($("[data-call-notes]", place), $("[data-call-notes]", fresh));
  } else {
    if (now) keep($("[data-call-notes]", now)); // the notes of the call that leaves the bar
    place.replaceChildren(...fresh.childNodes);
    place.classList.toggle("is-empty", !place.textContent.trim());
    htmx.process(place);
    htmx.trigger(place, "htmx:load"); // what was typed and not kept comes back
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  hideAway();
  for (const pop of $$("[data-pop]:not([hidden])", place)) ring(`call ${pop.dataset.pop}`, words.rings);
  tick();
}

function replace(fresh, open) {
  const now = $(`[data-slot="${fresh.dataset.slot}"]`, place);
  if (!now || now.dataset.drawn === fresh.innerHTML) return;
  if ($$("input:not([type=hidden])", now).some((one) => one.value !== one.defaultValue)) return; // somebody writes there; the next change draws it
  fresh.dataset.drawn = fresh.innerHTML;
  const ended = $("[data-guard-offer]", now) && !$("[data-guard-offer]", fresh); // the hold is over, so is its offer
  for (const id of open) { const one = id && $(`#${id}`, fresh); if (one && !(ended && id === "tel-callback")) one.open = true; }
  now.replaceWith(fresh);
  htmx.process(fresh);
}

// What another page kept comes in, as long as nobody writes here.
function takeNotes(box, fresh) {
  if (!box || !fresh || box === document.activeElement) return;
  if (box.value !== (box.dataset.began ?? box.defaultValue) || box.value === fresh.value) return;
  box.value = box.dataset.began = box.dataset.kept = fresh.value;
}

// --- pops that were put aside ------------------------------------------------------------------------
const away = () => (localStorage.getItem(AWAY) || "").split(",").filter(Boolean);
function hideAway() { for (const pop of $$("[data-pop]", place)) pop.hidden = away().includes(pop.dataset.pop); }
document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-pop-away]");
  if (!button) return;
  localStorage.setItem(AWAY, [...away(), button.dataset.popAway].slice(-20).join(","));
  hideAway();
});

// --- notes: kept a moment after the last key, and when the page goes ---------------------------------
function keep(box) {
  if (!box || box.readOnly || box.dataset.kept === box.value) return box?.keeping;
  const sent = box.value, began = box.dataset.began ?? box.defaultValue;
  box.dataset.kept = sent;
  const body = new URLSearchParams({ notes: sent, began });
  box.keeping = fetch(box.dataset.callNotes, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": $("meta[name=csrf-token]").content, "X-Background": "1" } })
    .then(async (answer) => {
      if (!answer.ok) { delete box.dataset.kept; return; }
      const told = await answer.json();
      if (box.value !== sent) { if (!told.merged) box.dataset.began = sent; return; }
      if (told.merged) box.value = told.notes; // another page of ours had written too
      box.dataset.began = box.dataset.kept = box.value;
      forgetDraft(box.dataset.draft);
    }, () => { delete box.dataset.kept; });
  return box.keeping;
}
place.addEventListener("input", (e) => {
  if (!e.target.matches("[data-call-notes]")) return;
  clearTimeout(keeping);
  keeping = setTimeout(() => keep(e.target), 600);
});
document.body.addEventListener("signed-in", () => keep($("[data-call-notes]", place)));
addEventListener("pagehide", () => keep($("[data-call-notes]", place)));
// The registration and the note begin from what is kept: that comes first.
document.addEventListener("click", async (e) => {
  const link = e.target.closest("#tel-register");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
  e.preventDefault();
  await keep($("[data-call-notes]", place));
  location.href = link.href;
});
document.body.addEventListener("htmx:confirm", async (e) => {
  if (!e.target.matches("[data-call-finish]")) return;
  e.preventDefault();
  await keep($("[data-call-notes]", place));
  e.detail.issueRequest();
});

// What was agreed is agreed: the sheet folds, and what was typed into it goes.
place.addEventListener("htmx:afterRequest", (e) => {
  if (!e.detail.successful || !e.detail.elt.matches?.("form")) return;
  e.detail.elt.reset();
  e.detail.elt.closest("details")?.removeAttribute("open");
});

// --- timers, and the guard of a hold -----------------------------------------------------------------
function span(seconds) {
  const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60;
  return `${h ? `${h}:` : ""}${pad(m)}:${pad(Math.floor(seconds) % 60)}`;
}
function tick() {
  const now = Date.now() + off;
  for (const el of $$("[data-since]", place)) {
    const text = span(Math.max(0, (now - Date.parse(el.dataset.since)) / 1000));
    if (el.textContent !== text) el.textContent = text;
  }
  const guard = $("[data-guard]", place);
  if (guard) watch(guard, (now - Date.parse(guard.dataset.held)) / 1000);
}
// Which prompt stands after so many seconds: 0 before the first. What was confirmed on another page is.
function turnOf(guard, held) {
  const prompt = Number(guard.dataset.prompt);
  return held < prompt ? 0 : 1 + Math.floor((held - prompt) / Number(guard.dataset.again));
}
function watch(guard, held) {
  const { held: since, checked } = guard.dataset, turn = turnOf(guard, held);
  const done = checked ? turnOf(guard, (Date.parse(checked) - Date.parse(since)) / 1000) : 0;
  const line = $("[data-guard-prompt]", guard);
  const minutes = String(Math.max(1, Math.floor(held / 60)));
  if ($("[data-guard-minutes]", line).textContent !== minutes) $("[data-guard-minutes]", line).textContent = minutes;
  line.hidden = turn <= done;
  if (!line.hidden) ring(`hold ${since} ${turn}`, words.holds);
  const offer = $("[data-guard-offer]", place);
  if (offer && held >= Number(guard.dataset.offer) && !offer.classList.contains("is-urged")) {
    offer.classList.add("is-urged");
    if (sessionStorage.getItem(FOLDED) !== since) offer.open = true;
  }
}
document.addEventListener("click", (e) => {
  const guard = e.target.closest("[data-guard-checked]") && $("[data-guard]", place);
  if (!guard) return;
  guard.dataset.checked = new Date(Date.now() + off).toISOString();
  tick();
});
// Whoever folds the offer is not asked again while that one waits, on the next page neither.
document.addEventListener("click", (e) => {
  const offer = e.target.closest("[data-guard-offer] > summary")?.parentElement;
  if (offer?.open) sessionStorage.setItem(FOLDED, $("[data-guard]", place)?.dataset.held || "");
});

if (place) {
  document.body.addEventListener("call-changed", ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  setInterval(tick, 1000);
  setInterval(() => { if (!document.hidden) ask(); }, 60000); // a word that was lost
  ask();
}
