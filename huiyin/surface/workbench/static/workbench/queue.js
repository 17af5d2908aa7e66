// The queue: picking rows, dispatching them, and letting changed rows glow once.
import { openDialog, toast } from "../huiyin/frame.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const list = $("#list"), bar = $("[data-bulk]");
const AT_ONCE = 10; // so many go in one request, so that the progress moves

const boxes = () => $$("[data-pick]", list);
const picked = () => boxes().filter((box) => box.checked);
function told() {
  if (!bar) return;
  const on = picked().length;
  bar.hidden = !on;
  $("[data-picked]", bar).textContent = on;
  const all = $("[data-pick-all]", list);
  if (all) { all.checked = on > 0 && on === boxes().length; all.indeterminate = on > 0 && on < boxes().length; }
}
function none() { boxes().forEach((box) => { box.checked = false; }); told(); }

list.addEventListener("change", (e) => {
  if (e.target.matches("[data-pick-all]")) boxes().forEach((box) => { box.checked = e.target.checked; });
  if (e.target.matches("[data-pick], [data-pick-all]")) told();
});
list.addEventListener("click", (e) => {
  const row = e.target.closest("[data-row]");
  if (row && !e.target.closest("a, button, input, label, select") && !getSelection().toString()) row.querySelector("a").click();
});
// e on a row picks it first, so that the bar is there.
document.body.addEventListener("page-key", (e) => {
  if (e.detail === "Escape" && picked().length) { none(); return; }
  if (e.detail !== "e" || !bar) return;
  const box = $(".is-at [data-pick]", list);
  if (!picked().length && box) { box.checked = true; told(); }
  if (!picked().length) return;
  e.preventDefault();
  $("#bulk-team").focus();
});

if (bar) {
  const team = bar.elements.team, to = bar.elements.to;
  $("[data-pick-none]", bar).addEventListener("click", none);
  team.addEventListener("change", () => {
    to.value = "";
    to.disabled = !team.value;
    for (const option of $$("option[data-teams]", to)) option.hidden = option.disabled = !option.dataset.teams.includes(` ${team.value} `);
  });
  bar.addEventListener("submit", (e) => { e.preventDefault(); act(bar.getAttribute("action"), bar.dataset, $("[data-main]", bar)); });
  const back = $("[data-bulk-return]", bar);
  back.addEventListener("click", () => { back.closest("dialog").close(); act(back.dataset.bulkReturn, back.dataset, back); });
  const incident = bar.elements.incident, join = $("[data-bulk-join]", bar);
  incident.addEventListener("change", () => { join.disabled = !incident.value; });
  join.addEventListener("click", () => act(join.dataset.bulkJoin, join.dataset, join));
}

// One act for all that are picked; `words` say how it goes.
async function act(url, words, button) {
  const numbers = picked().map((box) => box.value), results = [];
  const going = $("[data-going]", bar);
  button.disabled = true;
  going.hidden = false;
  const say = () => {
    $("span", going).textContent = words.wordGoing.replace("{done}", results.length).replace("{all}", numbers.length);
    $("progress", going).value = 100 * results.length / numbers.length;
  };
  say();
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const body = new FormData(bar);
    numbers.slice(at, at + AT_ONCE).forEach((number) => body.append("number", number));
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": $("meta[name=csrf-token]").content } }).catch(() => null);
    if (!answer?.ok || !answer.headers.get("Content-Type").includes("json")) { toast(words.wordLost.replace("{rest}", numbers.length - results.length), "bad"); break; }
    results.push(...(await answer.json()).results);
    say();
  }
  button.disabled = false;
  going.hidden = true;
  const refused = results.filter((one) => !one.done), done = results.length - refused.length;
  boxes().forEach((box) => { if (results.some((one) => one.done && one.number === box.value)) box.checked = false; });
  told();
  if (refused.length) report(results, done, refused.length, words);
  else if (done) toast(words.wordDone.replace("{done}", done));
  htmx.trigger(document.body, "queue-changed");
}

function report(results, done, refused, words) {
  $("[data-summary]").textContent = words.wordRefused.replace("{done}", done).replace("{refused}", refused);
  $("[data-results]").replaceChildren(...[...results].sort((a, b) => a.done - b.done).map((one) => {
    const line = document.createElement("li"), sign = document.createElement("b"), number = document.createElement("a"), what = document.createElement("span"), subject = document.createElement("small");
    sign.textContent = one.done ? "✓" : "✕";
    sign.className = one.done ? "good" : "bad";
    number.textContent = one.number;
    number.href = `/complaints/${encodeURIComponent(one.number)}/`;
    subject.textContent = one.subject || "";
    what.append(one.sentence, subject);
    line.append(sign, number, what);
    return line;
  }));
  openDialog($("#bulk-results"));
}

// --- news: rows that changed glow once; who is choosing, or has loaded more, is not disturbed ----------
const state = () => new Map($$("[data-row]", list).map((row) => [row.dataset.number, row.dataset.changed]));
let before = state(), at = "";
document.body.addEventListener("htmx:beforeSwap", (e) => {
  if (e.detail.target !== list) return;
  if (picked().length) { e.detail.shouldSwap = false; $("[data-stale]").hidden = false; }
  at = $(".is-at", list)?.dataset.number || "";
});
document.body.addEventListener("htmx:beforeRequest", (e) => {
  if (e.detail.elt.id !== "queue" || $$("[data-row]", list).length <= 50) return;
  e.preventDefault();
  $("[data-stale]").hidden = false;
});
document.body.addEventListener("htmx:afterSwap", (e) => {
  if (e.detail.target !== list) { if (list.contains(e.detail.target)) before = state(); return; }
  for (const [number, changed] of state()) if (before.get(number) !== changed) $(`[data-number="${CSS.escape(number)}"]`, list).classList.add("glow");
  const row = at && $(`[data-number="${CSS.escape(at)}"]`, list);
  if (row) { row.classList.add("is-at"); if (document.activeElement === document.body) $("a", row).focus({ preventScroll: true }); }
  before = state();
  told();
  $("[data-stale]").hidden = true;
  const fresh = $("[data-fresh]");
  fresh.textContent = fresh.dataset.word.replace("{at}", new Date().toLocaleTimeString("zh-CN", { hour12: false }));
});
told();
