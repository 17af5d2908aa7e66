// Requests: the token, the line that shows progress, and what is said when one fails.
import { toast, words } from "./toast.js";
const $ = (q, root = document) => root.querySelector(q);
const inBackground = (e) => e.detail.requestConfig?.headers["X-Background"] === "1";

document.body.addEventListener("htmx:configRequest", (e) => {
  if (e.detail.verb !== "get") e.detail.headers["X-CSRFToken"] = $("meta[name=csrf-token]").content;
});
let busy = 0;
export const progress = (by) => { busy = Math.max(0, busy + by); $("#progress").classList.toggle("is-on", busy > 0); };
document.body.addEventListener("htmx:beforeRequest", (e) => { if (!inBackground(e)) progress(1); });
document.body.addEventListener("htmx:afterRequest", (e) => { if (!inBackground(e)) progress(-1); });
document.body.addEventListener("htmx:sendError", (e) => { if (!inBackground(e)) toast(words.lost, "bad"); });
document.body.addEventListener("htmx:responseError", (e) => {
  const { status } = e.detail.xhr;
  if (inBackground(e) || status === 401) return;
  if (status >= 500) toast(words.broken, "bad");
  else if (!e.detail.xhr.getResponseHeader("HX-Trigger")) toast(words.refused, "bad");
});
// What is kept by itself says so when it was not.
for (const fault of ["htmx:sendError", "htmx:responseError"]) document.body.addEventListener(fault, (e) => {
  const told = e.detail.elt?.dataset?.keeps;
  if (told) $(told).textContent = words.unsaved;
});

// A form that goes to a new page: says that it works, and does not go twice.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method === "dialog" || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
  if (form.matches("[data-only-filled]")) for (const one of [...form.elements]) if (one.name && !one.value) one.disabled = true;
  if (form.dataset.sent && form.method === "post") { e.preventDefault(); return; }
  form.dataset.sent = "1";
  queueMicrotask(() => { if (!e.defaultPrevented) progress(1); });
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[data-only-filled] :disabled").forEach((one) => { one.disabled = false; });
  progress(-99);
});
