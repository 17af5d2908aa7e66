// The page of a task: what was said clears its box; what somebody is writing is not taken away.
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const dirty = new WeakSet();
document.addEventListener("input", (e) => { const part = e.target.closest("[data-keeps]"); if (part) dirty.add(part); });
document.body.addEventListener("htmx:afterRequest", (e) => {
  if (!e.detail.successful || e.detail.requestConfig?.verb !== "post") return;
  const part = e.detail.elt.closest("[data-keeps]");
  if (part) dirty.delete(part);
  if (e.detail.elt.matches("[data-reset]")) e.detail.elt.reset();
});
// A remark refreshes the page; a half-written answer beside it stays.
document.body.addEventListener("htmx:beforeSwap", (e) => { if (dirty.has(e.detail.target)) e.detail.shouldSwap = false; });
document.addEventListener("focusin", (e) => { if (e.target.matches("[data-select]")) e.target.select(); });
// The browser's own words beside a file field speak the browser's language: ours are shown instead.
document.addEventListener("change", (e) => {
  if (!e.target.matches("[data-files]")) return;
  const list = e.target.closest("fieldset").querySelector("[data-chosen]");
  list.replaceChildren(...[...e.target.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
});
