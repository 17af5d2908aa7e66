// Clocks that tick and moments that grow old, by the server's clock.
import { words } from "./toast.js";
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const pad = (n) => String(n).padStart(2, "0");
const skew = Number(document.body.dataset.now) * 1000 - Date.now();
const isFresh = performance.getEntriesByType("navigation")[0]?.type !== "back_forward";
const off = isFresh && Math.abs(skew) > 5000 ? skew : 0; // the clock on the desk is wrong

function span(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
  if (d) return `${words.days.replace("{d}", d)} ${pad(h)}:${pad(m)}`;
  return `${pad(h)}:${pad(m)}:${pad(Math.floor(seconds) % 60)}`;
}
function stateOf(left, whole) {
  if (left < 0) return "over";
  if (!whole) return left < 14400 ? "red" : left < 86400 ? "amber" : "green";
  return left / whole <= 0.2 ? "red" : left / whole <= 0.5 ? "amber" : "green";
}
function litAt(el, now, left) { // the moments are the server's: it knows the working days
  if (left < 0) return "over";
  return now >= Date.parse(el.dataset.red) ? "red" : now >= Date.parse(el.dataset.amber) ? "amber" : "green";
}
export function tick() {
  const now = Date.now() + off;
  for (const el of $$("[data-due]")) {
    const due = Date.parse(el.dateTime || el.dataset.due), left = (due - now) / 1000;
    if (Number.isNaN(left)) continue;
    const began = Date.parse(el.dataset.from || "");
    const state = `clock--${el.dataset.red ? litAt(el, now, left) : stateOf(left, began ? (due - began) / 1000 : 0)}`;
    if (!el.classList.contains(state)) { el.classList.remove("clock--green", "clock--amber", "clock--red", "clock--over"); el.classList.add(state); }
    const text = (left < 0 ? words.over : words.left).replace("{span}", span(Math.abs(left)));
    if (el.textContent !== text) el.textContent = text;
  }
  for (const el of $$("[data-ago]")) {
    const passed = (now - Date.parse(el.dateTime)) / 1000;
    if (passed < 0 || passed > 43200) continue;
    const text = passed < 60 ? words.agoNow : passed < 3600 ? words.agoMinutes.replace("{n}", Math.floor(passed / 60)) : words.agoHours.replace("{n}", Math.floor(passed / 3600));
    if (el.textContent !== text) el.textContent = text;
  }
}
setInterval(tick, 1000);
document.body.addEventListener("htmx:afterSettle", tick);
tick();
