// Live pages: the stream says that something changed, and each part asks again for itself.
import { ring } from "./alerts.js";
import { words } from "./toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const watched = document.body.dataset.complaint || "";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("huiyin-live") : null;
const ECHO = 400; // after an act of our own its echo comes from the stream: the page has asked already
let acted = 0, missed = new Set(), waiting = 0;
document.body.addEventListener("complaint-changed", () => { acted = Date.now(); });

// The desk of chats is looked at just now: it shows by itself who waits.
const atDesk = () => Date.now() - Number(localStorage.getItem("huiyin-desk")) < 5000;

// `own`: of this page's own stream; of several pages that one looks after calls out of sight too.
function hear(kind, number, own = false) {
  if (kind === "complaint" && number !== watched) return;
  if (kind === "call" && (own || !document.hidden)) htmx.trigger(document.body, "call-changed");
  if (kind === "chat" && own && !atDesk()) ring(`chat ${Math.floor(Date.now() / 10000)}`, words.chatWaits);
  if (document.hidden) { missed.add(kind); return; }
  if (kind === "chat") showCounts();
  if (kind === "queue") htmx.trigger(document.body, "queue-changed");
  if (kind === "complaint" && Date.now() - acted > ECHO) {
    clearTimeout(waiting);
    waiting = setTimeout(() => htmx.trigger(document.body, "complaint-changed-elsewhere"), 120);
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  const kinds = missed;
  missed = new Set();
  kinds.forEach((kind) => hear(kind, watched));
});
if (channel) channel.onmessage = (e) => hear(e.data.kind, e.data.number);

function listen() {
  const source = new EventSource(`/live/${watched ? `?complaint=${encodeURIComponent(watched)}` : ""}`);
  let opened = false;
  for (const kind of ["queue", "complaint", "call", "chat"]) source.addEventListener(kind, () => { hear(kind, watched, true); channel?.postMessage({ kind, number: watched }); });
  // Until the server listens something may have been missed: since the page was drawn, or between two streams.
  source.addEventListener("listening", () => {
    if (watched) htmx.trigger(document.body, "live-again");
    else if (opened) hear("queue", "");
    htmx.trigger(document.body, "call-changed");
    opened = true;
  });
  document.body.addEventListener("signed-in", () => { if (source.readyState === EventSource.CLOSED) listen(); }, { once: true });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (e) => { if (e.persisted) listen(); }, { once: true });
}
if (!document.body.classList.contains("is-stranger") && "EventSource" in window) {
  // A browser allows six connections per host: a page that watches one complaint listens itself,
  // of all the others one listens for all.
  if (watched || !navigator.locks) listen();
  else navigator.locks.request("huiyin-live", () => { listen(); return new Promise(() => {}); });
}

const COUNTS_KEPT_MS = 5500;  // the server keeps them for five seconds (surface/kept.py)
let countsAgain;
async function showCounts() {
  if (document.hidden || !$("[data-count]")) return;
  const answer = await fetch("/queue/counts/", { headers: { "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type").includes("json")) return;
  const counts = await answer.json();
  $$("[data-count]").forEach((el) => { if (el.dataset.count in counts) el.textContent = counts[el.dataset.count] || ""; });
}
document.body.addEventListener("queue-changed", () => {
  showCounts();
  clearTimeout(countsAgain);
  countsAgain = setTimeout(showCounts, COUNTS_KEPT_MS);
});
