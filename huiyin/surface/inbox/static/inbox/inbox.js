// News come in by themselves only while nobody has a row open or chosen: nothing that is being
// read or written is taken away.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const list = $("#inbox");
const busy = () => $("details[open]", list) || $("[data-pick]:checked", list) || list.contains(document.activeElement);
let waiting = 0;

document.body.addEventListener("queue-changed", () => {
  clearTimeout(waiting);
  waiting = setTimeout(news, 800);
});
async function news() {
  if (document.hidden) return;
  if (!busy()) { htmx.trigger(list, "inbox-refresh"); return; }
  const answer = await fetch(list.dataset.address, { headers: { "HX-Request": "true", "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ids = (root) => $$("[data-item]", root).map((one) => one.dataset.item);
  const here = new Set(ids(list));
  if (ids(fresh).some((id) => !here.has(id))) $("[data-stale]").hidden = false;
}

// How many are chosen.
list.addEventListener("change", (e) => {
  if (!e.target.matches("[data-pick]")) return;
  const picked = $$("[data-pick]:checked", list).length;
  const bar = $("[data-bulk]", list), said = $("[data-picked]", list);
  bar.hidden = !picked;
  said.textContent = said.dataset.word.replace("{n}", picked);
});
