// The desk of chats: the list, the conversation that is open, what stands beside it.
// The stream only says that something changed; every part is asked for again, so it can leak nothing.
import { forgetDraft, hasDraft, isHeld, toast } from "../huiyin/frame.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const desk = $("#chatdesk");
const word = desk.dataset;
const CALM = 15000, BUSY = 2500; // ms between two questions with and without the stream
const TYPING_EVERY = 3000;
const token = () => $("meta[name=csrf-token]").content;
const open = () => $("[data-chat]", desk);
const pk = () => open()?.dataset.chat || "";
const pad = (n) => String(n).padStart(2, "0");
let streaming = false, asking = null, again = false, timer = 0, typed = 0, title = document.title;

// --- what is new -------------------------------------------------------------------------------
async function pulse() {
  if (asking) { again = true; return; }
  const chat = pk(), after = open()?.dataset.last || "0";
  const where = `${word.pulse}?chat=${chat}&after=${after}&list=${$("#chatdesk-list [data-version]")?.dataset.version || ""}`;
  asking = fetch(where, { headers: { "X-Background": "1" } }).catch(() => null);
  const answer = await asking;
  asking = null;
  if (answer?.status === 401) { document.body.addEventListener("signed-in", pulse, { once: true }); return; }
  desk.classList.toggle("is-lost", !answer?.ok);
  if (answer?.ok && answer.headers.get("Content-Type").includes("json")) show(await answer.json(), chat, after);
  clearTimeout(timer);
  timer = setTimeout(pulse, again ? 60 : document.hidden ? CALM * 2 : streaming ? CALM : BUSY);
  again = false;
}
function show(news, asked, after) {
  if (news.list) swapList(news.list);
  tellTitle(news.unread);
  $$("[data-count=chats]").forEach((one) => { one.textContent = news.asking || ""; });
  if (news.chat && asked === pk()) showChat(news.chat, after);
}
// What has asked for something stays until it is answered: htmx tells the end to whoever asked. And
// nothing is drawn anew under a pressed pointer.
const isBusy = (box) => Boolean($(".htmx-request", box)) || isHeld(box);
function swapList(html) {
  if (isBusy($("#chatdesk-list"))) { again = true; return; }
  const box = $("#chatdesk-list"), focused = box.contains(document.activeElement) ? document.activeElement.closest("[data-goes]")?.dataset.goes : "";
  const top = $(".deskrows", box)?.scrollTop || 0;
  box.innerHTML = html;
  htmx.process(box);
  if ($(".deskrows", box)) $(".deskrows", box).scrollTop = top;
  mark();
  if (focused) $(`[data-goes="${CSS.escape(focused)}"]`, box)?.focus({ preventScroll: true });
  tick();
}
function tellTitle(unread) { document.title = unread ? `(${unread}) ${title}` : title; }

function showChat(chat, after) {
  const box = open(), lines = $("[data-lines]", box);
  if (chat.state === "gone") { lost(pk(), chat.why); return; }
  if (chat.lines && after !== box.dataset.last) again = true; // drawn anew meanwhile, with these lines
  else if (chat.lines) {
    const near = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 120;
    lines.insertAdjacentHTML("beforeend", chat.lines);
    box.dataset.last = chat.last;
    if (near) toEnd(); else $("[data-below]", box).hidden = false;
    fold(lines);
  }
  marks(chat.visitor_read);
  $("[data-gone]", box).hidden = !chat.gone;
  if (chat.answered) $(".deskchat__head [data-down]", box)?.remove();
  if (chat.state !== box.dataset.state || chat.holder !== box.dataset.holder) go(pk(), { quiet: true });
  else if (chat.context && chat.context !== box.dataset.context) { box.dataset.context = chat.context; context(true); }
  readIt();
}
// ✓ went out, ✓✓ was read: by the last line that the visitor has seen.
function marks(read) {
  const until = Number(read || 0);
  $$("[data-own]", open()).forEach((one) => { const seen = Number(one.dataset.line) <= until; one.classList.toggle("is-read", seen); const mark = $("[data-mark]", one); if (mark) { mark.textContent = seen ? "✓✓" : "✓"; mark.title = seen ? word.wordRead : word.wordSent; } });
}
// Lines of the system that follow one another: the last is shown, the others are folded.
function fold(lines) {
  let run = [];
  const close = () => { run.forEach((one, place) => one.classList.toggle("is-folded", run.length > 2 && place < run.length - 1 && !lines.classList.contains("is-unfolded"))); run = []; };
  for (const one of lines.children) { if (one.matches("[data-system]")) run.push(one); else close(); }
  close();
  const folded = $$(".is-folded", lines).length, button = $("[data-unfold]", open());
  if (button) { button.hidden = !folded; button.textContent = word.wordFolded.replace("{n}", folded); }
}
function toEnd() { const lines = $("[data-lines]", open() || desk); if (lines) lines.scrollTop = lines.scrollHeight; const below = $("[data-below]", open() || desk); if (below) below.hidden = true; }

async function readIt() {
  const box = open();
  if (!box || document.hidden || !document.hasFocus() || box.dataset.mine !== "1") return;
  const theirs = $$("[data-theirs]", box).at(-1)?.dataset.line;
  if (!theirs || Number(theirs) <= Number(box.dataset.read || 0)) return;
  box.dataset.read = theirs;
  await post(box.dataset.reading, { line: theirs });
}
function post(url, fields = {}) {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  return fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Background": "1" } }).catch(() => null);
}

// --- from chat to chat ---------------------------------------------------------------------------
function mark() { $$("#chatdesk-list [data-goes]").forEach((one) => { const at = one.dataset.goes === pk(); one.classList.toggle("is-at", at); if (at) one.setAttribute("aria-current", "true"); else one.removeAttribute("aria-current"); }); }
function step(name) { desk.dataset.step = name; }
// The chat that was chosen last is shown, however late an earlier one is answered.
let turn = 0;
async function go(chat, { quiet = false, push = false } = {}) {
  if (quiet && isBusy($("#chatdesk-chat"))) { again = true; return; }
  const mine = quiet ? turn : ++turn, overtaken = () => mine !== turn || (quiet && chat !== pk());
  const answer = await fetch(`${word.chats}${chat}/`, { headers: { "X-Background": "1", "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : "";
  if (overtaken()) return;
  if (!html) { if (answer?.status === 404) lost(chat); return; }
  const still = quiet ? writing() : null;
  $("#chatdesk-chat").innerHTML = html;
  still?.();
  htmx.process($("#chatdesk-chat"));
  $("#chatdesk-chat").dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: $("#chatdesk-chat") } }));
  if (push && new URL(location.href).searchParams.get("chat") !== String(chat)) history.pushState({ chat }, "", `${word.chats}?chat=${chat}`);
  if (!quiet) step("chat");
  opened(!quiet);
  context();
}
// What is being written stays what it is, with its files, for whom it is and where its writer was: a
// whisper must never become words to the visitor. Gives what puts it into the chat drawn anew.
function writing() {
  const forms = $$("[data-say]", open()), mode = forms.find((one) => !one.hidden)?.dataset.say;
  const at = forms.some((one) => one.contains(document.activeElement)) ? document.activeElement : null, caret = at?.name === "text" && [at.selectionStart, at.selectionEnd];
  return () => {
    forms.forEach((one) => $(`[data-say=${one.dataset.say}]`, open())?.replaceWith(one));
    if (forms.some((one) => one.isConnected && one.dataset.say === mode)) choose(mode);
    if (at?.isConnected) { at.focus(); if (caret) at.setSelectionRange(...caret); }
  };
}
function leave() { $("#chatdesk-chat").replaceChildren($("#chatdesk-none").content.cloneNode(true)); $("#chatdesk-context").replaceChildren(); mark(); step("list"); history.replaceState({}, "", word.chats); }
// No longer ours to see, as a colleague has it or it became a complaint of others: nothing that was being
// written goes with it.
function lost(chat, why = word.wordLost) {
  const words = String(open()?.dataset.chat) === String(chat) && $("[data-say=say] textarea", open())?.value.trim();
  leave();
  toast(why);
  if (!words) return;
  const left = $("#chatdesk-lost").content.cloneNode(true).firstElementChild;
  left.dataset.unsaid = `chat-${chat}`;
  $("[data-why]", left).textContent = why;
  $("textarea", left).value = words;
  $("#chatdesk-chat").prepend(left);
  step("chat");
}
function opened(focus) {
  const box = open();
  if (!box) return;
  if (source && box.dataset.uid !== watched) listen();
  showLeft(box); mark(); fold($("[data-lines]", box)); toEnd(); marks(box.dataset.visitorRead); readIt(); tick();
  if (focus && matchMedia("(min-width: 761px)").matches) $("[data-say]:not([hidden]) textarea", box)?.focus();
}
// What was being written when the visitor went: it stands there until it is used or dropped.
function showLeft(box) { const left = $("[data-unsaid]", box); if (left) left.hidden = !hasDraft(left.dataset.unsaid); }
desk.addEventListener("click", (e) => { const left = e.target.closest("[data-unsaid-drop]")?.closest("[data-unsaid]"); if (left) { forgetDraft(left.dataset.unsaid); left.hidden = true; } });
// Gently: where something is being typed beside it, only the page that the visitor is on is drawn anew.
async function context(gently = false) {
  const chat = pk();
  if (!chat) return;
  const answer = await fetch(`${word.chats}${chat}/context/`, { headers: { "X-Background": "1", "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || chat !== pk()) return;
  const box = $("#chatdesk-context"), told = document.createElement("template");
  told.innerHTML = await answer.text();
  const where = $("[data-where]", box), now = $("[data-where]", told.content);
  if (gently && where?.dataset.where === now?.dataset.where) {
    const unfolded = $("details[open]", where), typed = $$("input", box).some((one) => one.value !== one.defaultValue);
    if (unfolded) $("details", now)?.setAttribute("open", "");
    if (typed || box.contains(document.activeElement)) { where.replaceWith(now); return; }
  }
  box.replaceChildren(told.content);
  htmx.process(box);
}
function neighbour(by) {
  const all = $$("#chatdesk-list [data-goes]"), at = all.findIndex((one) => one.dataset.goes === pk());
  if (!all.length) return;
  go(all.at((at < 0 ? 0 : at + by + all.length) % all.length).dataset.goes, { push: true });
}
addEventListener("popstate", () => { const chat = new URL(location.href).searchParams.get("chat"); if (chat) go(chat); else step("list"); });

desk.addEventListener("click", (e) => {
  const goes = e.target.closest("a[data-goes]");
  if (goes && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); go(goes.dataset.goes, { push: true }); return; }
  const steps = e.target.closest("[data-step-to]");
  if (steps) step(steps.dataset.stepTo);
  if (e.target.closest("[data-below]")) toEnd();
  if (e.target.closest("[data-unfold]")) { $("[data-lines]", open()).classList.add("is-unfolded"); fold($("[data-lines]", open())); }
  const mode = e.target.closest("[data-mode-set]");
  if (mode) choose(mode.dataset.modeSet);
  const drop = e.target.closest("[data-drop-file]");
  if (drop) dropFile(drop.closest("form"), Number(drop.dataset.dropFile));
  const phrase = e.target.closest("[data-put]");
  if (phrase) put(phrase.closest("form"), phrase.dataset.put);
});
document.addEventListener("keydown", (e) => {
  if (e.altKey && (e.key === "ArrowUp" || e.key === "ArrowDown")) { e.preventDefault(); neighbour(e.key === "ArrowDown" ? 1 : -1); }
});

document.body.addEventListener("htmx:afterSettle", (e) => { const dialog = $("dialog[data-opens]", desk); if (e.detail.target.id === "chatdesk-dialog" && dialog && !dialog.open) { dialog.showModal(); ($(".ts-control input", dialog) || $("textarea, select", dialog))?.focus(); } });

// --- writing ---------------------------------------------------------------------------------------
function choose(mode) {
  $$("[data-mode-set]", open()).forEach((tab) => { tab.setAttribute("aria-selected", tab.dataset.modeSet === mode); tab.tabIndex = tab.dataset.modeSet === mode ? 0 : -1; });
  $$("[data-say]", open()).forEach((form) => { form.hidden = form.dataset.say !== mode; });
  $("[data-say]:not([hidden]) textarea", open())?.focus();
}
desk.addEventListener("keydown", (e) => {
  const tab = e.target.closest("[data-mode-set]");
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(e.key)) return;
  const other = $$("[data-mode-set]", open()).find((one) => one !== tab);
  if (other) { choose(other.dataset.modeSet); other.focus(); }
});
desk.addEventListener("keydown", (e) => {
  const field = e.target.closest("[data-say] textarea");
  if (!field || e.isComposing) return;
  const list = $("[data-phrases]", field.form);
  if (list && !list.hidden && walkPhrases(e, list)) return;
  if (e.key === "Enter" && !e.shiftKey && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); send(field.form); }
});
function send(form) {
  const button = $("[data-main]", form);
  if (button.disabled || (!form.elements.text.value.trim() && !form.elements.file?.files.length)) return;
  form.requestSubmit(button);
}
desk.addEventListener("submit", (e) => { // sent again because the answer was not heard, it is one line
  const client = e.target.elements.client;
  if (client && !client.value) client.value = crypto.randomUUID ? crypto.randomUUID() : "";
}, true);
desk.addEventListener("input", (e) => {
  const field = e.target.closest("[data-say] textarea");
  if (!field) return;
  grow(field);
  offer(field);
  if (field.form.dataset.say !== "say" || Date.now() - typed < TYPING_EVERY) return;
  typed = Date.now();
  post(open().dataset.typing);
});
function grow(field) { field.rows = Math.min(8, Math.max(2, field.value.split("\n").length)); }
document.body.addEventListener("chat-said", (e) => {
  const form = $(`[data-say="${CSS.escape(e.detail.value || e.detail)}"]`, open());
  if (form) { form.reset(); if (form.elements.client) form.elements.client.value = ""; grow(form.elements.text); forgetDraft(form.elements.text.dataset.draft); showFiles(form); $("[data-promised]", form)?.replaceChildren(); form.elements.text.focus(); }
  pulse();
});
document.body.addEventListener("chats-seated", () => pulse());
document.body.addEventListener("chats-changed", (e) => { $$("dialog[open]").forEach((one) => one.close()); const to = e.detail?.chat; if (to) go(String(to), { push: true }); else if (e.detail?.left) leave(); else if (pk()) go(pk(), { quiet: true }); pulse(); });

// --- files: chosen, dropped, pasted ------------------------------------------------------------------
function showFiles(form) {
  const list = $("[data-files-shown]", form);
  if (!list) return;
  list.replaceChildren(...[...form.elements.file.files].map((file, place) => {
    const line = document.createElement("li"), drop = document.createElement("button");
    line.className = "chip";
    if (file.type.startsWith("image/") && file.size < 4_000_000) {
      const picture = document.createElement("img"), reader = new FileReader(); // data: is allowed for pictures, blob: is not
      reader.onload = () => { picture.src = reader.result; };
      reader.readAsDataURL(file);
      picture.alt = "";
      line.append(picture);
    }
    drop.type = "button"; drop.dataset.dropFile = place; drop.textContent = "×"; drop.setAttribute("aria-label", word.wordDrop.replace("{name}", file.name));
    line.append(file.name, drop);
    return line;
  }));
}
function keepFiles(form, files) {
  const all = new DataTransfer();
  [...form.elements.file.files, ...files].slice(0, 5).forEach((file) => all.items.add(file));
  form.elements.file.files = all.files;
  showFiles(form);
}
function dropFile(form, place) {
  const all = new DataTransfer();
  [...form.elements.file.files].forEach((file, at) => { if (at !== place) all.items.add(file); });
  form.elements.file.files = all.files;
  showFiles(form);
}
desk.addEventListener("change", (e) => { if (e.target.name === "file") showFiles(e.target.form); });
desk.addEventListener("paste", (e) => {
  const form = e.target.closest("[data-say=say]"), files = [...(e.clipboardData?.files || [])];
  if (form && files.length) { e.preventDefault(); keepFiles(form, files); }
});
for (const kind of ["dragenter", "dragover"]) desk.addEventListener(kind, (e) => { if (writable() && e.dataTransfer?.types.includes("Files")) { e.preventDefault(); open().classList.add("is-dropping"); } });
desk.addEventListener("dragleave", (e) => { if (!desk.contains(e.relatedTarget)) open()?.classList.remove("is-dropping"); });
desk.addEventListener("drop", (e) => {
  if (!writable() || !e.dataTransfer?.files.length) return;
  e.preventDefault();
  open().classList.remove("is-dropping");
  keepFiles($("[data-say=say]", open()), [...e.dataTransfer.files]);
});
const writable = () => $("[data-say=say]", open() || desk);

// --- canned replies: “/” searches them ----------------------------------------------------------------
function offer(field) {
  const list = $("[data-phrases]", field.form), found = /^\/([^\n]{0,40})$/.exec(field.value);
  if (!list) return;
  if (!found) { list.hidden = true; return; }
  const wanted = found[1].trim();
  if (list.dataset.asked !== wanted) {
    askPhrases(list, wanted);
  }
  list.hidden = false;
}
// The list itself asks, so only its own later question can put an earlier one aside. The promise of a
// question put aside is kept before its answer is here: the mark is set when the answer is drawn.
function askPhrases(list, wanted) {
  list.dataset.asked = wanted;
  htmx.ajax("GET", `${list.dataset.phrases}?q=${encodeURIComponent(wanted)}`, { source: list, target: list, swap: "innerHTML", headers: { "X-Background": "1" } });
}
desk.addEventListener("htmx:afterSwap", (e) => { if (e.target.matches("[data-phrases]")) markPhrase(e.target, $("[data-put]", e.target)); });
function markPhrase(list, chosen) { $$("[data-put]", list).forEach((one) => { one.classList.toggle("is-at", one === chosen); one.setAttribute("aria-selected", one === chosen); }); }
function walkPhrases(e, list) {
  const all = $$("[data-put]", list), at = all.findIndex((one) => one.classList.contains("is-at"));
  if (e.key === "Escape") { e.preventDefault(); list.hidden = true; return true; }
  if (!all.length) return false;
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    if (e.altKey) return false;
    const next = all.at((at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    markPhrase(list, next);
    next.scrollIntoView({ block: "nearest" });
    return true;
  }
  if (e.key === "Enter" || e.key === "Tab") { e.preventDefault(); put(e.target.form, all[Math.max(at, 0)].dataset.put); return true; }
  return false;
}
function put(form, text) {
  const field = form.elements.text, list = $("[data-phrases]", form);
  const from = field.value.startsWith("/") && !list.hidden ? 0 : field.selectionStart, until = field.value.startsWith("/") && !list.hidden ? field.value.length : field.selectionEnd;
  field.setRangeText(text, from, until, "end");
  list.hidden = true;
  list.dataset.asked = "-";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
desk.addEventListener("click", (e) => {
  const button = e.target.closest("[data-phrases-open]");
  if (!button) return;
  const list = $("[data-phrases]", button.form);
  if (!list.hidden) { list.hidden = true; return; }
  askPhrases(list, "");
  list.hidden = false;
  button.form.elements.text.focus();
});

// What stands in the composer is what is to be kept; it never goes into an address.
document.body.addEventListener("htmx:afterSettle", (e) => { const form = e.detail.target.id === "chatdesk-dialog" && $("[data-own-new]", desk); if (form) form.elements.text.value = $("[data-say=say] textarea", open() || desk)?.value.replace(/^\/.*$/, "") || ""; });
document.body.addEventListener("own-phrases", () => { $("[data-own-new]", desk)?.reset(); const list = $("[data-phrases]", open() || desk); if (list) list.dataset.asked = "-"; });

// --- clocks: waiting counts up, the first reply counts down ----------------------------------------------
const skew = Number(document.body.dataset.now) * 1000 - Date.now(), off = Math.abs(skew) > 5000 ? skew : 0;
function spent(seconds) { const s = Math.max(0, Math.floor(seconds)); return s >= 3600 ? `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${pad(Math.floor(s / 60))}:${pad(s % 60)}`; }
function tick() {
  const now = Date.now() + off;
  for (const el of $$("[data-up]", desk)) el.textContent = spent((now - Date.parse(el.dataset.up)) / 1000);
  for (const el of $$("[data-down]", desk)) {
    const left = (Date.parse(el.dataset.down) - now) / 1000;
    const state = left < 0 ? "over" : now >= Date.parse(el.dataset.red) ? "red" : now >= Date.parse(el.dataset.amber) ? "amber" : "green";
    el.className = `clock clock--${state}`;
    el.textContent = (left < 0 ? word.wordOver : word.wordLeft).replace("{span}", spent(Math.abs(left)));
  }
}
setInterval(tick, 1000);

// --- the stream ---------------------------------------------------------------------------------------------
let source = null, watched = "", typingUntil = 0;
function listen() {
  if (!word.stream || !("EventSource" in window)) return;
  source?.close();
  // A chat of a colleague is told of in full only while it is looked at.
  watched = open()?.dataset.uid || "";
  source = new EventSource(`${word.stream}${watched ? `?chat=${watched}` : ""}`);
  source.onopen = () => { streaming = true; };
  source.onerror = () => { streaming = false; };
  source.addEventListener("listening", () => pulse());
  source.addEventListener("changed", (e) => hear(JSON.parse(e.data)));
}
function hear(told) {
  const here = told.uid === open()?.dataset.uid;
  if (told.what === "typing") { if (here && told.side === "visitor") typing(); return; }
  if (told.what === "seen") { if (here && told.side === "visitor") marks(told.line); return; }
  if (here && told.what === "line") typing(0);
  pulse();
}
function typing(seconds = 6) {
  typingUntil = Date.now() + 1000 * seconds;
  const line = $("[data-typing-line]", open() || desk);
  if (line) line.hidden = !seconds;
}
setInterval(() => { if (typingUntil && Date.now() > typingUntil) typing(0); }, 1000);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (e) => { if (e.persisted) listen(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) { pulse(); readIt(); } });
addEventListener("focus", readIt);
opened(false);
tick();
if (pk()) { step("chat"); context(); }
listen();
pulse();

// As long as somebody looks at this page, no other page of his rings for a chat.
const looking = () => { if (!document.hidden) localStorage.setItem("huiyin-desk", Date.now()); };
setInterval(looking, 2000);
looking();
