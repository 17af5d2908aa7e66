// Writing is never lost: what stands in a box with data-draft is kept in this browser, per person.
import { words } from "./toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const place = (key) => `draft:${document.body.dataset.user}:${key}`;
const told = (key) => $(`[data-draft-told="${CSS.escape(key)}"]`);

document.addEventListener("input", (e) => {
  const box = e.target.closest("[data-draft]");
  if (!box) return;
  const key = box.dataset.draft;
  try { box.value ? localStorage.setItem(place(key), box.value) : localStorage.removeItem(place(key)); } catch { return; /* full or forbidden */ }
  if (told(key)) told(key).textContent = box.value ? words.saved : "";
});
function restore(root) {
  $$("[data-draft]", root).forEach((box) => {
    const kept = localStorage.getItem(place(box.dataset.draft));
    if (!kept || kept === box.value) return;
    // Somebody wrote before this script was here: he has both.
    const early = box.value && box.value !== box.defaultValue && box.matches("textarea");
    // What was typed over a value that stood there is newer than it, until it is sent.
    if (box.value && !early && !("draftOver" in box.dataset)) return;
    box.value = early ? `${kept}\n${box.value}` : kept;
    if (early) box.dispatchEvent(new Event("input", { bubbles: true }));
    if ("draftOver" in box.dataset) box.dataset.draftRestored = "1";
    if (told(box.dataset.draft)) told(box.dataset.draft).textContent = words.saved;
  });
}
restore(document);
document.body.addEventListener("htmx:load", (e) => restore(e.target));
export const hasDraft = (key) => Boolean(localStorage.getItem(place(key)));
export function forgetDraft(key) {
  localStorage.removeItem(place(key));
  if (told(key)) told(key).textContent = "";
}
document.addEventListener("draft-dropped", (e) => forgetDraft(e.target.dataset.draft));
// What was sent and taken is no draft any more; data-drafts holds those that go together.
document.body.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr, requestConfig } }) => {
  if (requestConfig?.verb !== "post" || xhr.status < 200 || xhr.status > 299) return;
  $$("[data-draft]", elt.closest("[data-drafts]") ?? elt).forEach((box) => forgetDraft(box.dataset.draft));
});
