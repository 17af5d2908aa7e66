// The transcript beside the picture: follows the playhead, plays a line, is kept while it is typed.
import { clock, players } from "./player.js";
const box = document.querySelector("[data-transcript]");
const player = players.get(document.querySelector(".rec [data-player]"));
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const list = box.querySelector("[data-lines]"), shape = box.querySelector("[data-line-shape]").content.firstElementChild;
const names = Object.fromEntries($$("i", box.querySelector("[data-speakers]").content).map((i) => [i.dataset.of, i.textContent]));
const told = player.root.dataset, saved = box.querySelector("[data-saved]");
const BACKUP = `transcript:${document.body.dataset.user}:${box.dataset.save}`;
let token = "0", may = false, timer = 0, sending = false, dirty = false, first = true;

const lines = () => $$("[data-line]", list);
const spanOf = (li) => [Number(li.dataset.begin), Number(li.dataset.end)];
function grow(area) { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; }
function made(one) {
  const li = shape.cloneNode(true);
  li.dataset.begin = one.begin;
  li.dataset.end = one.end;
  li.dataset.speaker = one.speaker;
  li.querySelector("[data-line-at]").textContent = clock(one.begin);
  const text = li.querySelector("[data-line-text]");
  if (text) { text.value = one.text; li.querySelector("[data-line-who]").value = one.speaker; }
  else { li.querySelector("[data-line-name]").textContent = names[one.speaker] || ""; li.querySelector("[data-line-said]").textContent = one.text; }
  return li;
}
function show(all) {
  list.replaceChildren(...all.map(made));
  $$("textarea", list).forEach(grow);
  empty();
}
function empty() { box.querySelector("[data-empty]").hidden = lines().length > 0; }
const textOf = (li) => li.querySelector("[data-line-text]")?.value ?? li.querySelector("[data-line-said]").textContent;
const kept = () => lines().map((li) => ({ begin: spanOf(li)[0], end: spanOf(li)[1], speaker: li.querySelector("[data-line-who]")?.value || li.dataset.speaker, text: textOf(li) }));

player.root.addEventListener("recording-ready", () => {
  const written = player.data.transcript;
  if (!written || (!first && dirty)) return;
  if (!first && written.token === token) return;
  token = written.token;
  may = written.may_write;
  show(written.lines);
  first = false;
  const left = may && JSON.parse(localStorage.getItem(BACKUP));
  if (!left?.lines || same(left.lines, written.lines)) localStorage.removeItem(BACKUP);
  else if (left.token === token) { show(left.lines); change(); }
  else offer(left.lines);
});
const same = (one, other) => one.length === other.length && one.every((a, n) => ["begin", "end", "speaker", "text"].every((key) => a[key] === other[n][key]));
// What was not kept, and somebody else has written since: whoever wrote it says what counts.
function offer(mine) {
  const line = box.querySelector("[data-unkept]");
  line.hidden = false;
  line.querySelector("[data-unkept-take]").onclick = () => { line.hidden = true; show(mine); change(); };
  line.querySelector("[data-unkept-drop]").onclick = () => { line.hidden = true; localStorage.removeItem(BACKUP); };
}
if (player.root.dataset.ready) player.root.dispatchEvent(new Event("recording-ready"));

// Kept a moment after the last key; what could not be kept stays here and is tried again.
function change() {
  if (!may) return;
  dirty = true;
  keepHere();
  clearTimeout(timer);
  timer = setTimeout(save, 900);
}
function keepHere() { try { localStorage.setItem(BACKUP, JSON.stringify({ token, lines: kept() })); } catch { /* full or forbidden */ } }
async function save() {
  if (sending) { timer = setTimeout(save, 400); return; }
  sending = true;
  dirty = false;
  saved.textContent = told.wordSaving;
  const answer = await fetch(box.dataset.save, {
    method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: JSON.stringify({ token, lines: kept() }),
  }).catch(() => null);
  sending = false;
  const body = answer && (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
  if (answer?.ok && body?.token) {
    token = body.token;
    saved.textContent = told.wordSaved;
    if (dirty) keepHere(); else localStorage.removeItem(BACKUP);
    return;
  }
  dirty = true;
  const said = answer?.headers.get("HX-Trigger");
  const why = said ? JSON.parse(said).toast?.text : "";
  saved.textContent = answer ? told.wordUnsaved.replace("{why}", why || body?.detail || body?.title || answer.status) : told.wordLost;
  if (!answer || answer.status >= 500) timer = setTimeout(save, 5000);
}
addEventListener("beforeunload", (e) => { if (dirty || sending) e.preventDefault(); });

function add() {
  const now = Math.round(player.now * 100) / 100;
  const before = lines().filter((li) => spanOf(li)[0] <= now).at(-1);
  const span = player.span && Math.abs(player.span[0] - now) < 0.6 ? player.span : [now, Math.min(now + 3, Math.max(now, player.seconds))];
  const speaker = whoAt(span[0], before);
  const li = made({ begin: Math.round(span[0] * 100) / 100, end: Math.round(span[1] * 100) / 100, speaker, text: "" });
  if (before) before.after(li); else list.prepend(li);
  empty();
  li.querySelector("textarea").focus();
}
// Who is heard on his own lane at that moment; else whoever did not speak last.
function whoAt(t, before) {
  const speech = player.data.speech;
  if (speech.length === 2) for (const lane of [0, 1]) if (speech[lane].some(([a, b]) => a - 0.5 <= t && t < b)) return lane === player.data.agent ? "agent" : "customer";
  const last = before?.querySelector("[data-line-who]")?.value;
  return last === "customer" ? "agent" : last === "agent" ? "customer" : "other";
}

box.addEventListener("input", (e) => {
  if (e.target.matches("[data-line-text]")) { grow(e.target); change(); }
  if (e.target.matches("[data-line-who]")) change();
  if (e.target.matches("[data-find]")) find(e.target.value);
});
box.addEventListener("click", (e) => {
  const li = e.target.closest("[data-line]");
  if (e.target.closest("[data-line-add]")) add();
  else if (e.target.closest("[data-line-drop]")) { li.remove(); empty(); change(); }
  else if (e.target.closest("[data-line-now]")) { li.dataset.begin = Math.round(player.now * 100) / 100; if (spanOf(li)[1] < player.now) li.dataset.end = Math.round((player.now + 3) * 100) / 100; li.querySelector("[data-line-at]").textContent = clock(player.now); change(); }
  else if (e.target.closest("[data-line-at]") || (li && !e.target.closest("textarea, select, button"))) { const [a, b] = spanOf(li); player.select(a, b); player.play(a, b > a ? b : null); }
});
box.addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  if (e.key === "Enter" && e.target.matches("[data-line-text]") && !e.shiftKey) { e.preventDefault(); add(); }
  if (e.key === "Enter" && e.target.matches("[data-find]")) { e.preventDefault(); next(); }
});

// Searching: lines that hold all the words; Enter plays one after the other.
let at = -1;
function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let all = 0;
  lines().forEach((li) => {
    const has = words.length > 0 && words.every((w) => textOf(li).toLowerCase().includes(w));
    li.classList.toggle("is-found", has);
    all += has;
  });
  at = -1;
  box.querySelector("[data-found]").textContent = words.length ? told.wordLines.replace("{all}", all) : "";
  list.querySelector(".is-found")?.scrollIntoView({ block: "nearest" });
}
function next() {
  const found = $$(".is-found", list);
  if (!found.length) return;
  at = (at + 1) % found.length;
  found[at].scrollIntoView({ block: "nearest" });
  player.select(...spanOf(found[at]));
  player.play(spanOf(found[at])[0]);
}

document.querySelector(".rec").addEventListener("playhead", (e) => {
  const current = lines().filter((li) => spanOf(li)[0] <= e.detail + 0.05 && e.detail < Math.max(spanOf(li)[1], spanOf(li)[0] + 0.5)).at(-1);
  lines().forEach((li) => li.classList.toggle("is-now", li === current));
  const follows = box.querySelector("[data-follow]").checked && !box.contains(document.activeElement?.closest("textarea"));
  if (current && follows && !player.sound.paused) list.scrollTo({ top: current.offsetTop - list.offsetTop - list.clientHeight / 3 });
});
