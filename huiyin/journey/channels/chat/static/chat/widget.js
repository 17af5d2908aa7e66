// The chat widget: <script src=".../chat/widget.js" data-site="code" async></script>
// No dependency, nothing injected that a strict CSP forbids: the page allows this origin in
// script-src and connect-src. What people say is only ever text.
(() => {
"use strict";
const script = document.currentScript;
if (!script || window.HuiyinChat) return;
const site = script.dataset.site || "";
const lang = /^en/i.test(script.dataset.lang || document.documentElement.lang || navigator.language) ? "en" : "zh";
const api = new URL(encodeURIComponent(site) + "/", script.src).href;
const SOON = 1000, LATE = 20000, SILENT = 45000, HIDDEN = 300000, POLL = 20000, DAY = 86400000;

// --- what stays: in the browser's storage, so that another page or tab goes on ----------------------
const name = "huiyin:" + site, memory = {};
const kept = {
  get(key) { try { return JSON.parse(localStorage.getItem(name + key)); } catch { return memory[key] ?? null; } },
  // In a private window: this page only.
  set(key, value) {
    memory[key] = value;
    try { value === null ? localStorage.removeItem(name + key) : localStorage.setItem(name + key, JSON.stringify(value)); } catch {}
  },
};
// What is typed before the chat, for a day: never the token, which is made when it is sent.
function typedBefore() {
  const { at, ...typed } = kept.get(":form") || {};
  if (at && Date.now() - at < DAY) return typed;
  kept.set(":form", null);
  return {};
}
function typing(key, value) { draft[key] = value; const { token, client, ...typed } = draft; kept.set(":form", { ...typed, at: Date.now() }); }
function begun() { draft = {}; kept.set(":form", null); }
const random = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] || "");
const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));

// --- asking -----------------------------------------------------------------------------------------
// Answers {ok, status, data}; status 0: not reached.
async function ask(path, body, token) {
  const headers = {};
  if (body && !(body instanceof FormData)) { headers["Content-Type"] = "application/json"; body = JSON.stringify(body); }
  const was = kept.get("");
  try {
    const answer = await reach(path, { method: body ? "POST" : "GET", headers, body }, token);
    // Somebody else signed in meanwhile: what comes back is not for him.
    if (was && was !== kept.get("")) return { status: 403, data: {} };
    const data = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, data };
  } catch { return { ok: false, status: 0, data: {} }; }
}
function reach(path, how, token = kept.get("")) {
  const headers = { ...how.headers };
  if (token) headers.Authorization = "Bearer " + token;
  return fetch(`${api}${path}${path.includes("?") ? "&" : "?"}l=${lang}`, { cache: "no-store", credentials: "omit", referrerPolicy: "origin", ...how, headers });
}
// Without query and fragment: they may hold secrets.
const here = () => location.origin + location.pathname;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// --- who is signed in at the site: told by it, signed by its server ---------------------------------
let who = window.HuiyinChatUser, known = {}, knowing;
// A function is asked each time, so that what it gives is fresh; who does not answer holds up nobody.
const person = async () => { try { return await (typeof who === "function" ? Promise.race([who(), wait(3000)]) : who); } catch {} };
// Whoever was here before takes his chat with him.
function forgetAll() {
  for (const key of [":form", ":out", ":draft", ":who"]) kept.set(key, null);
  known = {};
  if (it) fresh(); else kept.set("", null);
}
async function identify(given) { who = given; await (knowing = recognised()); }
async function recognised() {
  const one = await person(), id = one && String(one.id || one.phone || one.email || one.name || "");
  if (!id) return;
  const before = kept.get(":who");
  if (before && before !== id) forgetAll();
  kept.set(":who", id);
  if (!it) return;
  const told = await ask("known/", { identity: one });
  if (kept.get(":who") === id) { known = told.data; prefill(); }
}
function prefill() {
  const form = body.querySelector("form.form");
  for (const [key, value] of Object.entries(known.answers || {})) {
    const one = form?.elements[key];
    if (one) { if (known.verified || !one.value) one.value = value; one.readOnly = known.verified; }
  }
}

// --- building ---------------------------------------------------------------------------------------
function h(tag, how = {}, ...kids) {
  const one = document.createElement(tag);
  for (const [key, value] of Object.entries(how)) {
    if (value === false || value === undefined || value === null) continue;
    if (key.startsWith("on")) one.addEventListener(key.slice(2), value);
    else one.setAttribute(key, value === true ? "" : value);
  }
  one.append(...kids.filter((kid) => kid !== null && kid !== undefined && kid !== false));
  return one;
}
const button = (cls, label, onclick) => h("button", { type: "button", class: cls, onclick }, label);
const icon = (path) => { const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg"), line = document.createElementNS(ns, "path"); svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("aria-hidden", "true"); line.setAttribute("d", path); svg.append(line); return svg; };
const ICONS = { chat: "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z", close: "M6 6l12 12M18 6L6 18", send: "M4 12l16-8-6 16-3-6z", clip: "M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7" };
// Text with its http(s) addresses as links; everything else stays text.
function spoken(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'`，。；：！？、（）《》“”]+/g)) {
    let url;
    try { url = new URL(found[0]); } catch { continue; }
    if (!/^https?:$/.test(url.protocol)) continue;
    parts.push(text.slice(at, found.index), h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, found[0]));
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}
const locale = lang === "en" ? "en-GB" : "zh-CN", two = { hour: "2-digit", minute: "2-digit", hour12: false };
const clock = (at) => new Date(at).toLocaleTimeString(locale, two);
const day = (at) => new Date(at).toLocaleString(locale, { month: "numeric", day: "numeric", weekday: "short", ...two });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

let it, T = {}, host, root, panel, launch, badge, body, bar, status, log, tips, composer, box, typingLine;
let state = { state: "" }, ahead = 0, last = 0, lines = new Map(), pending = new Map(), unread = 0, isOpen = false;
let stream = null, tries = 0, heardAt = 0, flushing = false, typedAt = 0, typingTimer = 0, seenSent = 0, flash = 0, title = "", hiddenAt = 0, draft = {};
const is = (name) => state.state === name, live = () => is("waiting") || is("open");
const asleep = () => hiddenAt && Date.now() - hiddenAt > HIDDEN;
const watched = () => isOpen && !document.hidden;
const say = (text, bad = false) => { status.textContent = text; status.classList.toggle("bad", bad); };

// --- the frame --------------------------------------------------------------------------------------
async function start() {
  if (!it) await recognised();
  const asked = await ask("");
  if (!asked.ok) { if (!asked.status || asked.status >= 429) setTimeout(start, LATE); return; }
  it = asked.data; T = it.texts;
  host = h("div", { id: "huiyin-chat", lang: locale });
  root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("__CSS__");
  root.adoptedStyleSheets = [sheet];
  host.style.setProperty("--own", it.colour);
  host.style.setProperty("--on", light(it.colour) ? "#111" : "#fff");
  badge = h("span", { class: "badge", hidden: true });
  launch = h("button", { type: "button", class: "launch", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": T.open, onclick: () => isOpen ? hide() : show() }, icon(ICONS.chat), badge);
  status = h("p", { class: "status", role: "status" });
  bar = h("div", { class: "bar" });
  body = h("div", { class: "body" });
  panel = h("section", { class: "panel", role: "dialog", "aria-label": it.name, hidden: true, onkeydown: keys },
    h("header", {},
      h("h2", {}, it.name),
      button("human", T.human, human),
      h("button", { type: "button", class: "icon", "aria-label": T.close, onclick: hide }, icon(ICONS.close))),
    status, body, bar);
  root.append(h("div", { class: it.left ? "all left" : "all" }, panel, launch));
  document.body.append(host);
  addEventListener("online", () => { tries = 0; connect(true); flush(); });
  addEventListener("storage", (event) => {
    if (event.key === name + ":who" && event.oldValue) { who = null; known = {}; }
    if (event.key === name) (kept.get("") ? resume() : fresh());
  });
  addEventListener("focus", looked);
  document.addEventListener("visibilitychange", () => { hiddenAt = document.hidden ? Date.now() : 0; looked(); if (!document.hidden) connect(); });
  draft = typedBefore();
  if (kept.get("")) await resume(); else draw();
  knowing = recognised();
  if (kept.get(":open") && innerWidth > 480) show(false);
}
function light(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => { const c = parseInt(colour.slice(at, at + 2), 16) / 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; });
  return .2126 * r + .7152 * g + .0722 * b > .18;
}
function show(focus = true) {
  stand(true); looked(); toEnd();
  if (focus) (panel.querySelector(".body input:not([readonly]), .body textarea, .bar textarea, .body button") || panel.querySelector(".icon")).focus();
}
function hide() {
  stand(false); launch.focus();
}
function stand(open) {
  isOpen = open; kept.set(":open", open || null);
  panel.hidden = !open; launch.setAttribute("aria-expanded", open); launch.setAttribute("aria-label", open ? T.close : T.open);
  host.classList.toggle("is-open", open);
}
function keys(event) {
  if (event.key === "Escape" && !event.isComposing) { event.stopPropagation(); hide(); return; }
  if (event.key !== "Tab") return;
  const all = [...panel.querySelectorAll("button, input, textarea, select, a[href]")].filter((one) => !one.disabled && one.getClientRects().length);
  const first = all[0], end = all.at(-1), at = root.activeElement;
  if (event.shiftKey && at === first) { event.preventDefault(); end.focus(); }
  else if (!event.shiftKey && at === end) { event.preventDefault(); first.focus(); }
}
function human() {
  if (!live() && !is("ended")) { panel.querySelector(".body input, .body textarea")?.focus(); say(it.open ? T.humanNow : T.nobody); return; }
  if (is("ended")) { fresh(); return; }
  calm();
}
// What stands there when nothing is wrong: who serves him, or his place.
const calm = () => say(is("open") ? fill(T.withAgent, { name: state.agent }) : is("waiting") ? place() : "");
const place = () => ahead === null ? T.away : ahead ? fill(T.ahead, { n: ahead }) : T.next;

// --- before the chat, or instead of it ----------------------------------------------------------------
function draw(leave) {
  body.replaceChildren(); bar.replaceChildren();
  if (state.state) chatting(); else asking(leave || !it.open);
}
function asking(leave) {
  const form = h("form", { class: "form", novalidate: true, onsubmit: (event) => { event.preventDefault(); begin(form, leave); } });
  form.append(h("p", { class: "hello" }, leave ? it.open ? T.asMessage : it.offline || T.nobody : it.greeting || T.hello));
  if (leave && it.opens) form.append(h("p", { class: "hint" }, fill(T.opens, { time: day(it.opens) })));
  for (const one of it.fields) form.append(field(one));
  form.append(h("label", { class: "field" }, T.text, h("textarea", { name: "text", rows: 3, maxlength: 4000, required: true, "aria-describedby": "e-text", oninput: (e) => typing("text", e.target.value) }), h("span", { class: "error", id: "e-text" })));
  if (it.version) form.append(h("details", {}, h("summary", {}, T.notice), h("p", { class: "notice" }, it.notice)), h("label", { class: "agree" }, h("input", { type: "checkbox", name: "privacy", "aria-describedby": "e-privacy" }), T.agree), h("span", { class: "error", id: "e-privacy" }));
  form.append(h("button", { class: "main" }, leave ? T.leave : T.begin));
  body.append(form);
  for (const [key, value] of Object.entries(draft)) { const one = form.elements[key]; if (one) one.value = value; }
  prefill();
}
function field(one) {
  const how = { name: one.key, required: one.required, "aria-describedby": "e-" + one.key, oninput: (e) => typing(one.key, e.target.value) };
  const kinds = { phone: ["tel", "tel", 40], email: ["email", "email", 254], name: ["text", "name", 80], order: ["text", "off", 64], text: ["text", "off", 300] };
  const [type, complete, most] = kinds[one.ask] || [];
  const input = one.ask === "category" ? h("select", how, h("option", { value: "" }, T.choose), ...one.choices.map(([value, label]) => h("option", { value }, label))) : h("input", { ...how, type, autocomplete: complete, maxlength: most });
  return h("label", { class: "field" }, one.label + (one.required ? " *" : ""), input, h("span", { class: "error", id: "e-" + one.key }));
}
function faults(form, fields, first = "") {
  for (const one of form.querySelectorAll(".error")) one.textContent = "";
  for (const one of form.elements) one.removeAttribute("aria-invalid");
  for (const [key, sentence] of Object.entries(fields)) {
    const error = form.querySelector(`[id="e-${CSS.escape(key)}"]`), input = form.elements[key];
    if (error) error.textContent = sentence;
    if (input) { input.readOnly = false; input.setAttribute("aria-invalid", "true"); first ||= key; }
  }
  if (first) form.elements[first]?.focus();
}
async function begin(form, leave) {
  const main = form.querySelector(".main");
  // What is known of him is on its way into the form: he need not type it.
  main.disabled = true; await Promise.race([knowing, wait(3000)]); main.disabled = false;
  if (!form.isConnected) return;
  const given = Object.fromEntries(new FormData(form)), missing = {};
  for (const one of it.fields) if (one.required && !given[one.key]?.trim()) missing[one.key] = fill(T.missing, { label: one.label });
  if (!given.text.trim()) missing.text = T.missingText;
  if (it.version && !given.privacy) missing.privacy = T.missingAgree;
  faults(form, missing);
  if (Object.keys(missing).length) { say(Object.values(missing)[0], true); return; }
  const { text, privacy, ...answers } = given;
  main.disabled = true; say(T.sending);
  // The token is made once: whoever did not hear the answer asks again with the same one.
  draft.token ||= random(); draft.client ||= uuid();
  const token = draft.token;
  const sent = { answers, text, client: draft.client, privacy_version: privacy ? it.version : "", page_url: here(), page_title: document.title, identity: await person() };
  const answer = await ask(leave ? "message/" : "begin/", sent, token);
  main.disabled = false;
  if (token !== draft.token) return;
  if (answer.ok && leave) { begun(); left(answer.data); return; }
  if (answer.ok) { begun(); kept.set("", token); all(answer.data); connect(true); box?.focus(); return; }
  if (answer.status === 409) { const now = await ask(""); if (now.ok && now.data.open !== it.open) { it = now.data; draw(); } }
  else faults(form, answer.data.fields || {});
  say(answer.status ? answer.data.detail || T.failed : T.offline, true);
}
function left(made) {
  say(T.leftWords);
  body.replaceChildren(h("div", { class: "form" }, h("p", { class: "hello" }, T.leftWords), ...numbers(made), button("main", T.back, () => { say(""); draw(); })));
  body.querySelector(".main").focus();
}
const numbers = (made) => made.number ? [h("p", {}, T.number, " ", h("b", {}, made.number)), made.code && h("p", {}, T.code, " ", h("b", {}, made.code)), h("p", {}, h("a", { href: it.portal, target: "_blank", rel: "noopener" }, T.follow))] : [];

// --- the chat -----------------------------------------------------------------------------------------
async function resume() {
  if (state.state) return;
  const answer = await ask("lines/?since=0");
  if (answer.status === 403) { fresh(); return; }
  if (!answer.ok) { draw(); setTimeout(() => kept.get("") && resume(), SOON * 5); return; }
  all(answer.data);
  for (const one of unsent()) waiting(one);
  if (live()) { connect(true); flush(); } else dress();
}
function all(told) { take(told); draw(); for (const line of told.lines) put(line); }
// What did not get there any more goes into the form, which keeps it: only then it is forgotten here.
function fresh(leave) {
  const words = [...unsent().map((one) => one.text || one.name), kept.get(":draft") || ""].filter(Boolean).join("\n");
  stop(); draft = typedBefore();
  if (words) typing("text", draft.text ? draft.text + "\n" + words : words);
  for (const key of [":out", ":draft", ""]) kept.set(key, null);
  state = { state: "" }; last = ahead = unread = seenSent = 0; lines = new Map(); pending = new Map();
  count(); say(""); draw(leave);
  if (isOpen) panel.querySelector(".body input, .body textarea")?.focus();
}
function take(news) {
  const before = state.state;
  state = { ...state, ...news, lines: undefined };
  const away = ahead === null;
  if (news.ahead !== undefined) ahead = news.ahead;
  if (before && (before !== state.state || away !== (ahead === null))) dress();
  marks();
  if (is("waiting") || is("open") && before !== "open") calm();
}
function chatting() {
  log = h("ol", { class: "log", role: "log", "aria-live": "polite", "aria-label": T.log, tabindex: 0 });
  typingLine = h("p", { class: "typing", hidden: true }, T.typing);
  tips = h("div", { class: "tips" });
  body.append(log, typingLine, tips);
  const old = [...lines.values()]; lines = new Map();
  for (const line of old) put(line);
  dress();
}
// What stands below the lines: the composer, or what is left to do after the end.
function dress() {
  if (!log) return;
  const writing = box && root.activeElement === box;
  tips.replaceChildren(); bar.replaceChildren();
  if (is("ended")) { ended(); toEnd(); return; }
  tips.append(button(ahead === null && is("waiting") ? "main" : "quiet", is("waiting") ? T.toMessage : T.end, end));
  box = h("textarea", { rows: 1, maxlength: 4000, "aria-label": T.write, placeholder: T.write, oninput: typed, onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); } }, onpaste: (event) => { const files = event.clipboardData?.files; if (files?.length) { event.preventDefault(); upload(files); } } });
  box.value = kept.get(":draft") || "";
  const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1, onchange: () => { upload(picker.files); picker.value = ""; } });
  composer = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(); } }, it.files && h("button", { type: "button", class: "icon", "aria-label": T.file, onclick: () => picker.click() }, icon(ICONS.clip)), it.files && picker, box, h("button", { class: "icon send", "aria-label": T.send }, icon(ICONS.send)));
  bar.append(composer);
  if (writing) box.focus();
  panel.ondragover = (event) => { if (it.files) event.preventDefault(); };
  panel.ondrop = (event) => { event.preventDefault(); if (it.files && live()) upload(event.dataTransfer.files); };
}
function ended() {
  panel.ondrop = null;
  const words = kept.get(":draft");
  if (words) { kept.set(":draft", null); queue({ client: uuid(), text: words }); }
  for (const what of pending.values()) { what.classList.add("failed"); what.querySelector(".when").textContent = T.unsent; }
  const parts = numbers(state), more = unsent().length;
  if (more) parts.push(button("main", T.asMessage, () => fresh(true)));
  if (state.agent) parts.push(stars());
  if (state.agent && !state.copied) parts.push(copying());
  parts.push(button(more ? "quiet" : "main", T.again, () => fresh()));
  tips.append(h("div", { class: "after" }, ...parts));
  say(more ? T.unsent : state.ended_by === "message" ? T.leftWords : T.ended, more);
}
function stars() {
  const group = h("fieldset", { class: "stars" }, h("legend", {}, T.rate));
  for (let n = 1; n <= 5; n++) {
    group.append(h("button", { type: "button", "aria-label": fill(T.stars, { n }), "aria-pressed": String(state.rated >= n), onclick: async () => {
      const answer = await ask("rating/", { stars: n });
      if (answer.ok) { state.rated = n; say(T.thanks); group.querySelectorAll("button").forEach((one, at) => one.setAttribute("aria-pressed", String(at < n))); }
      else say(answer.data.detail || T.offline, true);
    } }, "★"));
  }
  return group;
}
function copying() {
  const input = state.email ? null : h("input", { type: "email", name: "email", autocomplete: "email", maxlength: 254, "aria-label": T.email, placeholder: T.email });
  const form = h("form", { class: "copy", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const answer = await ask("copy/", { email: input ? input.value : "" });
    if (answer.ok) { state.copied = true; form.remove(); }
    say(answer.ok ? T.copied : answer.data.detail || T.offline, !answer.ok);
  } }, input, h("button", { class: "quiet" }, T.copy));
  return form;
}
async function end() {
  const answer = await ask("end/", {});
  if (answer.ok) { for (const line of answer.data.lines) put(line); take(answer.data); stop(); } else say(answer.data.detail || T.offline, true);
}

// --- lines --------------------------------------------------------------------------------------------
function put(line) {
  if (!log || lines.has(line.id)) return;
  const own = line.kind === "visitor", below = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  lines.set(line.id, line); last = Math.max(last, line.id);
  forget(line.client); pending.get(line.client)?.remove();
  if (pending.delete(line.client) && is("ended")) dress();
  const what = h("li", { class: "line " + line.kind, "data-id": line.id });
  if (line.kind === "agent") what.append(h("span", { class: "who" }, line.who));
  what.append(bubble(line), h("span", { class: "when" }, h("time", { datetime: line.at }, clock(line.at)), own && h("span", { class: "mark" })));
  const after = [...log.children].find((one) => !one.dataset.id || Number(one.dataset.id) > line.id);
  log.insertBefore(what, after || null);
  marks();
  if (line.kind === "agent") { typingLine.hidden = true; if (line.id > (state.mine || 0)) { if (watched()) looked(); else { unread++; count(); } } }
  if (below || own) toEnd();
}
function bubble(line) {
  const what = h("p", { class: "bubble" }, ...spoken(line.text));
  if (line.file) what.append(line.id ? pictured(line.file, button("file", fill(T.fileOf, { name: line.file.name, size: Math.max(1, Math.round(line.file.size / 1024)) }), () => fetchFile(line.file))) : line.file.name);
  return what;
}
function waiting(one) {
  if (!log || pending.has(one.client) || [...lines.values()].some((line) => line.client === one.client)) return;
  const what = h("li", { class: "line visitor pending" }, bubble({ text: one.text, file: one.file && { name: one.name } }), h("span", { class: "when" }, T.sending));
  pending.set(one.client, what); log.append(what); toEnd();
}
function marks() {
  if (!log) return;
  for (const one of log.querySelectorAll(".line.visitor[data-id] .mark")) one.textContent = Number(one.closest("li").dataset.id) <= (state.seen || 0) ? T.read : T.sent;
}
const toEnd = () => { if (log) log.scrollTop = log.scrollHeight; };
function looked() {
  if (!watched()) return;
  unread = 0; count();
  const theirs = Math.max(0, ...[...lines.values()].filter((line) => line.kind !== "visitor").map((line) => line.id));
  if (live() && theirs > Math.max(seenSent, state.mine || 0)) { seenSent = theirs; ask("seen/", { line: theirs }); }
}
function count() {
  badge.hidden = !unread; badge.textContent = unread > 99 ? "99+" : unread;
  if (!isOpen) launch.setAttribute("aria-label", unread ? fill(T.unread, { n: unread }) : T.open);
  clearInterval(flash);
  if (title) { document.title = title; title = ""; }
  if (!unread || !document.hidden) return;
  title = document.title;
  const told = fill(T.unread, { n: unread }), own = title;
  document.title = told;
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) flash = setInterval(() => { document.title = document.title === told ? own : told; }, 1200);
}
async function bytes(file) {
  const answer = await reach(`files/${file.id}/`, {});
  if (!answer.ok) throw answer;
  return answer.blob();
}
// A picture stands in its line; where the page lets none in, its name stays.
function pictured(file, link) {
  const reader = new FileReader(), img = h("img", { alt: file.name, onload: () => { link.replaceChildren(img); if (log.scrollHeight - log.scrollTop - log.clientHeight < 320) toEnd(); } });
  reader.onload = () => { img.src = reader.result; };
  if (/\.(png|jpe?g|gif|webp)$/i.test(file.name)) bytes(file).then((blob) => reader.readAsDataURL(blob), () => {});
  return link;
}
async function fetchFile(file) {
  try {
    const url = URL.createObjectURL(await bytes(file)), a = h("a", { href: url, download: file.name });
    a.click(); setTimeout(() => URL.revokeObjectURL(url), 60000);
  } catch { say(T.failed, true); }
}

// --- what goes out: kept until it is acknowledged, sent in order, again with the same id ----------------
const unsent = () => kept.get(":out") || [];
const forget = (client) => { const out = unsent(), left = out.filter((one) => one.client !== client); if (left.length < out.length) kept.set(":out", left); };
function queue(one) { kept.set(":out", [...unsent(), one]); waiting(one); flush(); }
function submit() {
  const text = box.value.trim();
  if (!text || !live()) return;
  box.value = ""; kept.set(":draft", null);
  queue({ client: uuid(), text });
}
function typed() {
  kept.set(":draft", box.value || null);
  if (Date.now() - typedAt > 3000 && is("open")) { typedAt = Date.now(); ask("typing/", {}); }
}
// It stands among the lines, where no later news takes its place.
const refused = (file, why) => { log.append(h("li", { class: "line visitor failed", "data-id": last }, bubble({ text: file.name }), h("span", { class: "when" }, why))); toEnd(); };
async function upload(files) {
  for (const file of files) {
    const client = uuid();
    if (file.size > it.most) { refused(file, fill(T.tooLarge, { name: file.name })); continue; }
    say(fill(T.uploading, { name: file.name }));
    for (let n = 1; ; n++) {
      const form = new FormData();
      form.set("client", client); form.set("file", file, file.name || "image.png");
      const answer = await ask("files/", form);
      if (answer.ok) { calm(); queue({ client: uuid(), text: "", file: answer.data.id, name: answer.data.name }); break; }
      if (answer.status || n > 4) { calm(); refused(file, answer.data.detail || T.failed); break; }
      await wait(SOON * 2 ** n);
    }
  }
}
async function flush() {
  if (flushing) return;
  flushing = true;
  for (let n = 0; live();) {
    const [one] = unsent();
    if (!one) break;
    const answer = await ask("lines/", { client: one.client, text: one.text, file: one.file });
    if (answer.ok) { if (n) calm(); n = 0; put(answer.data); forget(one.client); continue; }
    if (answer.status === 409) {
      const now = await ask("lines/?since=" + last);
      if (now.ok) { for (const line of now.data.lines) put(line); take(now.data); }
      if (!live()) break;
      if (!now.ok) { await wait(SOON); continue; }
    }
    if (answer.status && answer.status !== 429 && answer.status < 500) {
      forget(one.client);
      const what = pending.get(one.client);
      if (what) { what.classList.add("failed"); what.querySelector(".when").textContent = answer.data.detail || T.failed; }
      continue;
    }
    say(T.offline, true);
    await wait(Math.min(LATE, SOON * 2 ** n++) * (.7 + Math.random() * .6));
  }
  flushing = false;
}

// --- what comes in: one stream, begun again from the last line that is here -------------------------------
// Which page he is on, also where a page changes its address without being loaded.
let at = "";
const moved = () => { if (it.pages && at !== here()) ask("page/", { url: at = here(), title: document.title }); };
function stop() { stream?.abort(); stream = null; }
async function connect(anew = false) {
  if (!live() || (stream && !anew)) return;
  stop();
  const own = stream = new AbortController();
  heardAt = Date.now();
  moved();
  const dog = setInterval(() => {
    moved();
    if (Date.now() - heardAt > SILENT || asleep()) own.abort();
  }, 5000);
  try {
    const answer = await reach("live/?since=" + last, { signal: own.signal });
    if (answer.status === 403) { fresh(); return; }
    if (!answer.ok) throw answer;
    await listen(answer.body.getReader());
  // What broke is begun again below.
  } catch {}
  clearInterval(dog);
  if (stream !== own) return;
  stream = null;
  if (!live()) return;
  if (tries > 1) say(T.offline, true);
  await wait(asleep() ? POLL : Math.min(LATE, SOON * 2 ** tries++ * .3) * (.7 + Math.random() * .6));
  connect();
}
async function listen(reader) {
  const decoder = new TextDecoder();
  for (let text = ""; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    heardAt = Date.now();
    text += decoder.decode(value, { stream: true });
    for (let at; (at = text.indexOf("\n\n")) >= 0; text = text.slice(at + 2)) heard(text.slice(0, at));
  }
}
function heard(block) {
  let kind = "", data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (!kind) return;
  const news = JSON.parse(data);
  if (tries) { tries = 0; calm(); }
  if (kind === "line") put(news);
  else if (kind === "state") take(news);
  else if (kind === "place") take({ ahead: news.ahead });
  else if (kind === "seen" && news.side === "agent") { state.seen = Math.max(state.seen || 0, news.line); marks(); }
  else if (kind === "seen") state.mine = Math.max(state.mine || 0, news.line);
  else if (kind === "typing" && news.side === "agent") { typingLine.hidden = false; clearTimeout(typingTimer); typingTimer = setTimeout(() => { typingLine.hidden = true; }, 5000); }
}

window.HuiyinChat = Object.freeze({ open: () => panel && show(), close: () => isOpen && hide(), identify, forget: () => { who = null; forgetAll(); } });
if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
