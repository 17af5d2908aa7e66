// Keys that work on every page. A page gives a button its key with data-key.
import { openDialog } from "./dialogs.js";
import { openPalette } from "./palette.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const typing = (el) => el.closest("input:not([type=checkbox]), textarea, select, [contenteditable], .ts-control");
const GO = { gq: "/queue/", gb: "/board/", gc: "/console/", gm: "/me/", gn: "/registration/" };
let leader = "";

document.addEventListener("keydown", (e) => {
  const withControl = e.ctrlKey || e.metaKey;
  if (e.isComposing) return; // Enter of an input method
  if (withControl && e.key.toLowerCase() === "k") { e.preventDefault(); openPalette(); return; }
  if (withControl && e.key === "Enter") { send(e); return; }
  if (withControl || e.altKey || typing(e.target) || $("dialog[open]")) return;
  const pair = leader + e.key;
  leader = "";
  if (GO[pair]) { location.href = GO[pair]; return; }
  if (e.key === "g") { leader = "g"; setTimeout(() => { leader = ""; }, 900); return; }
  if (e.key === "/") { e.preventDefault(); $("[data-search]")?.focus(); return; }
  if (e.key === "?") { openDialog($("#keys")); return; }
  if (document.body.dispatchEvent(new CustomEvent("page-key", { detail: e.key, cancelable: true })) === false) { e.preventDefault(); return; }
  const byKey = $$(`[data-key="${CSS.escape(e.key)}"]`).find((one) => one.offsetParent) || $(`[data-key="${CSS.escape(e.key)}"]`);
  if (byKey) { e.preventDefault(); byKey.matches("input, textarea, select") ? byKey.focus() : byKey.click(); return; }
  if ((e.key === "c" || e.key === "n") && $('a[href="/registration/"]')) { location.href = "/registration/"; return; }
  walk(e);
});

function send(e) {
  const form = e.target.closest("form");
  if (!form?.matches("[data-ctrl-enter]")) return;
  e.preventDefault();
  const button = $("[data-main]", form);
  if (!button?.disabled) form.requestSubmit(button || undefined);
}

function walk(e) {
  const rows = $$("[data-row]");
  const at = rows.findIndex((r) => r.classList.contains("is-at"));
  if (rows.length && (e.key === "j" || e.key === "k")) {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (e.key === "j" ? 1 : -1)))];
    rows.forEach((r) => r.classList.toggle("is-at", r === next));
    next.scrollIntoView({ block: "nearest" });
    $("a", next)?.focus({ preventScroll: true });
  } else if (e.key === "x" && at >= 0) $("input[type=checkbox]", rows[at])?.click();
  else if (e.key === "Enter" && at >= 0 && !e.target.closest("a, button, input")) $("a", rows[at])?.click();
}
