// The queue: picking rows, and letting changed rows glow once.
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const list = document.querySelector("#list");
let before = new Map();
function picked() {
  const boxes = $$("[data-pick]", list), on = boxes.filter((b) => b.checked);
  const bar = list.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = !on.length;
  bar.querySelector("[data-picked]").textContent = on.length;
  const all = list.querySelector("[data-pick-all]");
  if (all) { all.checked = on.length === boxes.length; all.indeterminate = on.length > 0 && on.length < boxes.length; }
}
list.addEventListener("change", (e) => {
  if (e.target.matches("[data-pick-all]")) $$("[data-pick]", list).forEach((b) => { b.checked = e.target.checked; });
  if (e.target.matches("[data-pick], [data-pick-all]")) picked();
});
list.addEventListener("click", (e) => {
  if (e.target.closest("[data-pick-none]")) { $$("[data-pick]", list).forEach((b) => { b.checked = false; }); picked(); }
  const row = e.target.closest("[data-row]");
  if (row && !e.target.closest("a, button, input, label, select") && !getSelection().toString()) row.querySelector("a").click();
});
const state = () => new Map($$("[data-row]", list).map((r) => [r.dataset.number, r.dataset.changed]));
before = state();
document.body.addEventListener("htmx:beforeSwap", (e) => {
  // Somebody who is choosing rows is not disturbed by a refresh.
  if (e.detail.target === list && $$("[data-pick]:checked", list).length) e.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterSwap", (e) => {
  if (e.detail.target !== list) return;
  for (const [number, changed] of state()) if (before.get(number) !== changed) list.querySelector(`[data-number="${number}"]`).classList.add("glow");
  before = state();
});
document.body.addEventListener("complaint-changed", () => { $$("[data-pick]", list).forEach((b) => { b.checked = false; }); picked(); });
