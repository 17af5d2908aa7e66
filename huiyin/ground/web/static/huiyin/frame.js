// The frame: toasts, forms, clocks, keys, palette, live refresh. No page logic here.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const words = $("#words").dataset;

// --- requests ---------------------------------------------------------------------------------
document.body.addEventListener("htmx:configRequest", (e) => {
  if (e.detail.verb !== "get") e.detail.headers["X-CSRFToken"] = $("meta[name=csrf-token]").content;
});
let busy = 0;
const progress = (by) => { busy = Math.max(0, busy + by); $("#progress").classList.toggle("is-on", busy > 0); };
document.body.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.requestConfig?.headers["X-Background"] !== "1") progress(1); });
document.body.addEventListener("htmx:afterRequest", (e) => { if (e.detail.requestConfig?.headers["X-Background"] !== "1") progress(-1); });
document.body.addEventListener("htmx:sendError", (e) => { if (e.detail.requestConfig?.headers["X-Background"] !== "1") toast(words.lost, "bad"); });
document.body.addEventListener("htmx:responseError", (e) => {
  const { status, responseURL } = e.detail.xhr;
  if (e.detail.requestConfig?.headers["X-Background"] === "1") return;
  if (responseURL.includes("/sign-in/") || status === 401) toast(words.signedOut, "bad");
  else if (status >= 500) toast(words.broken, "bad");
});
// A button says that it works, and does not work twice.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method === "dialog" || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
  if (form.dataset.sent && form.method === "post") { e.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((f) => delete f.dataset.sent));

// --- toasts -----------------------------------------------------------------------------------
export function toast(text, kind = "good", undo = null) {
  const line = document.createElement("div");
  line.className = `toast-line toast-line--${kind}`;
  line.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.textContent = undo.label;
    button.onclick = () => { htmx.ajax("POST", undo.url, { swap: "none" }); line.remove(); };
    line.append(button);
  }
  $("#toasts").append(line);
  setTimeout(() => line.remove(), kind === "bad" ? 8000 : 4000);
}
document.body.addEventListener("toast", (e) => toast(e.detail.text, e.detail.kind, e.detail.undo));
$$("#toasts .toast-line").forEach((line) => setTimeout(() => line.remove(), 5000));

// --- theme ------------------------------------------------------------------------------------
export const isDark = () => document.documentElement.dataset.bsTheme === "dark";
function setTheme(choice) {
  localStorage.setItem("huiyin-theme", choice);
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.dispatchEvent(new Event("theme-changed"));
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if ((localStorage.getItem("huiyin-theme") || "auto") === "auto") setTheme("auto"); });

// --- clicks: menus, side bar, palette, dialogs --------------------------------------------------
document.addEventListener("click", (e) => {
  const theme = e.target.closest("[data-theme-set]");
  if (theme) setTheme(theme.dataset.themeSet);
  const opener = e.target.closest("[data-menu-button]");
  $$("[data-menu]").forEach((menu) => {
    const list = $(".menu__list", menu), button = $("[data-menu-button]", menu);
    const open = opener && menu.contains(opener) ? list.hidden : false;
    list.hidden = !open;
    button?.setAttribute("aria-expanded", open);
    if (open) $("button, a", list)?.focus();
  });
  if (e.target.closest("[data-toggle-side]")) $("#side").classList.toggle("is-open");
  else if (!e.target.closest("#side")) $("#side")?.classList.remove("is-open");
  if (e.target.closest("[data-palette-open]")) openPalette();
  if (e.target.closest("[data-keys-open]")) $("#keys").showModal();
  const dialog = e.target.closest("[data-dialog]");
  if (dialog) $(dialog.dataset.dialog)?.showModal();
  if (e.target.closest("[data-dialog-close]")) e.target.closest("dialog")?.close();
  if (e.target instanceof HTMLDialogElement) e.target.close(); // the backdrop
});
document.addEventListener("change", (e) => { if (e.target.matches("[data-submit-on-change]")) e.target.form.requestSubmit(); });
document.body.addEventListener("complaint-changed", () => $$("dialog[open]").forEach((d) => d.close()));

function openPalette() {
  const palette = $("#palette");
  if (!palette || palette.open) return;
  palette.showModal();
  const input = $("input", palette);
  input.value = "";
  input.focus();
  htmx.trigger(document.body, "palette-open");
}
$("#palette")?.addEventListener("keydown", (e) => {
  const items = $$("#palette-list a, #palette-list button");
  const at = items.findIndex((i) => i.classList.contains("is-at"));
  if (e.key === "ArrowDown" || e.key === "ArrowUp") {
    e.preventDefault();
    const next = items.at((at + (e.key === "ArrowDown" ? 1 : -1) + items.length) % items.length);
    items.forEach((i) => i.classList.toggle("is-at", i === next));
    next?.scrollIntoView({ block: "nearest" });
  } else if (e.key === "Enter") {
    e.preventDefault();
    (items[at] || items[0])?.click();
  }
});
document.body.addEventListener("htmx:afterSwap", (e) => { if (e.target.id === "palette-list") $("a, button", e.target)?.classList.add("is-at"); });

// --- keys -------------------------------------------------------------------------------------
const typing = (el) => el.closest("input, textarea, select, [contenteditable], .ts-control");
let leader = "";
document.addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); openPalette(); return; }
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
    const form = e.target.closest("form");
    if (form && form.matches("[data-ctrl-enter]")) { e.preventDefault(); form.requestSubmit($("[data-main]", form) || undefined); }
    return;
  }
  if (e.key === "Escape") $$(".menu__list").forEach((m) => { if (!m.hidden) { m.hidden = true; $("[data-menu-button]", m.parentElement)?.focus(); } });
  if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || $("dialog[open]")) return;
  const pair = leader + e.key;
  leader = "";
  const go = { gq: "/queue/", gb: "/board/", gc: "/console/", gm: "/me/" }[pair];
  if (go) { location.href = go; return; }
  if (e.key === "g") { leader = "g"; setTimeout(() => { leader = ""; }, 900); return; }
  if (e.key === "/") { e.preventDefault(); $("[data-search]")?.focus(); return; }
  if (e.key === "?") { $("#keys")?.showModal(); return; }
  if (e.key === "c") { location.href = "/registration/"; return; }
  const byKey = $(`[data-key="${CSS.escape(e.key)}"]`);
  if (byKey) { e.preventDefault(); byKey.matches("input, textarea, select") ? byKey.focus() : byKey.click(); return; }
  const rows = $$("[data-row]");
  if (!rows.length) return;
  const at = rows.findIndex((r) => r.classList.contains("is-at"));
  if (e.key === "j" || e.key === "k") {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (e.key === "j" ? 1 : -1)))];
    rows.forEach((r) => r.classList.toggle("is-at", r === next));
    next.scrollIntoView({ block: "nearest" });
    $("a", next)?.focus({ preventScroll: true });
  } else if (e.key === "x" && at >= 0) $("input[type=checkbox]", rows[at])?.click();
  else if (e.key === "Enter" && at >= 0 && !e.target.closest("a, button")) $("a", rows[at])?.click();
});

// --- moments ----------------------------------------------------------------------------------
const pad = (n) => String(n).padStart(2, "0");
function span(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
  if (d) return `${words.days.replace("{d}", d)} ${pad(h)}:${pad(m)}`;
  return seconds < 3600 ? `${pad(h)}:${pad(m)}:${pad(Math.floor(seconds) % 60)}` : `${pad(h)}:${pad(m)}`;
}
function tick() {
  const now = Date.now();
  for (const el of $$("[data-due]")) {
    const left = (Date.parse(el.dateTime || el.dataset.due) - now) / 1000;
    if (Number.isNaN(left)) continue;
    const started = Date.parse(el.dataset.from || "");
    const whole = started ? (Date.parse(el.dateTime) - started) / 1000 : 0;
    const share = whole ? left / whole : 0;
    const state = left < 0 ? "over" : whole ? (share <= 0.2 ? "red" : share <= 0.5 ? "amber" : "green") : left < 14400 ? "red" : left < 86400 ? "amber" : "green";
    el.classList.remove("clock--green", "clock--amber", "clock--red", "clock--over");
    el.classList.add(`clock--${state}`);
    const text = (left < 0 ? words.over : words.left).replace("{span}", span(Math.abs(left)));
    if (el.textContent !== text) el.textContent = text;
  }
  for (const el of $$("[data-ago]")) {
    const passed = (now - Date.parse(el.dateTime)) / 1000;
    if (passed < 0 || passed > 43200) continue;
    el.textContent = passed < 60 ? words.agoNow : passed < 3600 ? words.agoMinutes.replace("{n}", Math.floor(passed / 60)) : words.agoHours.replace("{n}", Math.floor(passed / 3600));
  }
}
setInterval(tick, 1000);
tick();

// --- live: one stream for all tabs of this browser ----------------------------------------------
const watched = document.body.dataset.complaint || "";
const channel = "BroadcastChannel" in window ? new BroadcastChannel("huiyin-live") : null;
const refreshed = { queue: () => htmx.trigger(document.body, "queue-changed"), complaint: () => htmx.trigger(document.body, "complaint-changed-elsewhere") };
function hear(kind, number) {
  if (kind === "queue") refreshed.queue();
  if (kind === "complaint" && number === watched) refreshed.complaint();
}
if (channel) channel.onmessage = (e) => hear(e.data.kind, e.data.number);
function listen() {
  const source = new EventSource(`/live/${watched ? `?complaint=${encodeURIComponent(watched)}` : ""}`);
  for (const kind of ["queue", "complaint"]) source.addEventListener(kind, () => { hear(kind, watched); channel?.postMessage({ kind, number: watched }); });
  addEventListener("pagehide", () => source.close());
}
if (!document.body.classList.contains("is-stranger") && "EventSource" in window) {
  // A browser allows six connections per host: a page that watches one complaint listens itself,
  // of all the others one listens for all.
  if (watched || !navigator.locks) listen();
  else navigator.locks.request("huiyin-live", () => { listen(); return new Promise(() => {}); });
}
document.body.addEventListener("queue-changed", async () => {
  if (document.hidden || !$("[data-count]")) return;
  const answer = await fetch("/queue/counts/", { headers: { "X-Background": "1" } });
  if (!answer.ok) return;
  const counts = await answer.json();
  $$("[data-count]").forEach((el) => { if (el.dataset.count in counts) el.textContent = counts[el.dataset.count] || ""; });
});

// --- selects with search ------------------------------------------------------------------------
export function dress(root) {
  if (!window.TomSelect) return;
  $$("select[data-searchable]", root).forEach((el) => { if (!el.tomselect) new TomSelect(el, { maxOptions: 400, plugins: el.multiple ? ["remove_button"] : [] }); });
}
document.addEventListener("DOMContentLoaded", () => dress(document));
document.body.addEventListener("htmx:load", (e) => dress(e.target));
if (document.readyState !== "loading") dress(document);

// --- writing is never lost ------------------------------------------------------------------------
document.addEventListener("input", (e) => {
  const box = e.target.closest("[data-draft]");
  if (!box) return;
  localStorage.setItem(`draft:${box.dataset.draft}`, box.value);
  const told = $(`[data-draft-told="${CSS.escape(box.dataset.draft)}"]`);
  if (told) told.textContent = words.saved;
});
function restore(root) {
  $$("[data-draft]", root).forEach((box) => { const kept = localStorage.getItem(`draft:${box.dataset.draft}`); if (kept && !box.value) box.value = kept; });
}
restore(document);
document.body.addEventListener("htmx:load", (e) => restore(e.target));
export const forgetDraft = (key) => localStorage.removeItem(`draft:${key}`);
