// What a page that stands shows anew when something has happened: head, story and panels in two
// answers, one after the other, and never twice at once however much happens meanwhile.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const page = $("#complaint");
const HALVES = ["prompt", "late"], TRIES = 3, PAUSE = 3000;
const last = new Map(); // part → as it came last
let asked = "", running = false;

async function run() {
  if (running) return;
  running = true;
  for (let tries = 0; asked && tries < TRIES;) {
    const own = asked === "own";
    asked = "";
    if (await Promise.all(HALVES.map((half) => show(half, own))).then((all) => all.every(Boolean))) { tries = 0; continue; }
    tries += 1;
    asked ||= own ? "own" : "others";
    await pause(PAUSE);
  }
  running = false;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const ask = (url) => fetch(url, { headers: { "X-Background": "1" } }).catch(() => null);
async function show(half, own) {
  // On their way for the first time they may have been drawn before what happened now.
  for (let waits = 0; half === "late" && $("#late-panels") && waits < 100; waits++) await pause(100);
  const answer = await ask(page.dataset[half]);
  if (!answer || answer.status >= 500) return false;
  if (!answer.ok) return true; // no longer for these eyes: what stands stays, each act is refused
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const one of $$("template[data-part]", found)) put(one.dataset.part, one.innerHTML, own);
  return true;
}
// An echo that says the same leaves the part as it is: no button goes away between press and release.
function put(name, html, own) {
  const target = document.getElementById(name), same = last.get(name) === html;
  if (!target || (same && (!own || name === "header"))) return;
  if (!target.dispatchEvent(new CustomEvent("before-anew", { bubbles: true, cancelable: true }))) return;
  last.set(name, html);
  const open = $$("details", target).map((one) => one.open);
  htmx.swap(target, html, { swapStyle: "innerHTML" }, { eventInfo: { target } });
  const now = $$("details", target); // what somebody unfolded stays so
  if (now.length === open.length) now.forEach((one, i) => { one.open = open[i] || one.open; });
}
// The one that stayed as it was while somebody wrote in it.
export async function panelAnew(body) {
  const answer = await ask(`${page.dataset.panels}${body.id.replace("panel-", "")}/`);
  if (answer?.status === 200) put(body.id, await answer.text(), true);
}
function anew(own) {
  if (own || !asked) asked = own ? "own" : "others";
  run();
}
document.body.addEventListener("complaint-changed", () => anew(true));
document.body.addEventListener("complaint-changed-elsewhere", () => anew(false));
