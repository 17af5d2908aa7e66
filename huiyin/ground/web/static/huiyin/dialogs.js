// Menus, dialogs, the side bar, and the look of the page.
import { words } from "./toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];

export const isDark = () => document.documentElement.dataset.bsTheme === "dark";
function setTheme(choice) {
  localStorage.setItem("huiyin-theme", choice);
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.dispatchEvent(new Event("theme-changed"));
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if ((localStorage.getItem("huiyin-theme") || "auto") === "auto") setTheme("auto"); });

// A dialog may lie in something folded or in the pane that is not shown: that opens first.
export function openDialog(dialog) {
  if (!dialog) return false;
  if (dialog.open) return true;
  for (let up = dialog.parentElement; up; up = up.parentElement) if (up instanceof HTMLDetailsElement) up.open = true;
  dialog.dispatchEvent(new Event("before-open", { bubbles: true }));
  dialog.showModal();
  toFirst(dialog);
  return true;
}
const toFirst = (dialog) => $("[autofocus], input:not([type=hidden]), textarea, select", dialog)?.focus();
// What is fetched into a dialog replaces what stood there: nobody must write into the old meanwhile.
const isFetched = ({ requestConfig, target }) => requestConfig?.elt.matches("[data-dialog]") && target.closest("dialog");
document.body.addEventListener("htmx:beforeRequest", (e) => {
  if (!isFetched(e.detail)) return;
  const line = document.createElement("p");
  line.className = "dim";
  line.textContent = words.opening;
  e.detail.target.replaceChildren(line);
});
document.body.addEventListener("htmx:afterSettle", (e) => {
  const dialog = isFetched(e.detail);
  if (dialog?.open && [document.body, dialog].includes(document.activeElement)) toFirst(dialog);
});
// The button may be there before the part that holds its dialog has been refreshed.
let wanted = "", patience = 0;
function wait(selector) {
  wanted = selector;
  clearTimeout(patience);
  patience = setTimeout(() => { wanted = ""; }, 5000);
}
document.body.addEventListener("htmx:afterSettle", () => { if (wanted && openDialog($(wanted))) wanted = ""; });

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
  if (e.target.closest("[data-keys-open]")) openDialog($("#keys"));
  const asks = e.target.closest("[data-dialog]");
  if (asks) openDialog($(asks.dataset.dialog)) || wait(asks.dataset.dialog);
  if (e.target.closest("[data-dialog-close]")) e.target.closest("dialog")?.close();
});
// The backdrop closes, but not when something was written, nor at the end of a drag.
let pressedOn = null;
document.addEventListener("pointerdown", (e) => { pressedOn = e.target; });
document.addEventListener("click", (e) => {
  if (!(e.target instanceof HTMLDialogElement) || pressedOn !== e.target) return;
  if ($$("textarea, input:not([type=hidden])", e.target).some((one) => one.value !== one.defaultValue)) return;
  e.target.close();
});
// Arrows walk through a menu.
document.addEventListener("keydown", (e) => {
  const list = e.target.closest(".menu__list");
  if (e.key === "Escape") $$(".menu__list").forEach((m) => { if (!m.hidden) { m.hidden = true; const button = $("[data-menu-button]", m.parentElement); button?.setAttribute("aria-expanded", false); button?.focus(); } });
  if (!list || !["ArrowDown", "ArrowUp"].includes(e.key)) return;
  e.preventDefault();
  const items = $$("button, a", list);
  items.at((items.indexOf(e.target) + (e.key === "ArrowDown" ? 1 : -1) + items.length) % items.length).focus();
});
document.addEventListener("change", (e) => { if (e.target.matches("[data-submit-on-change]")) e.target.form.requestSubmit(); });
document.body.addEventListener("complaint-changed", () => $$("dialog[open]").forEach((d) => d.close()));
// What was unfolded stays so when its part is drawn anew.
let unfolded = [];
document.body.addEventListener("htmx:beforeSwap", (e) => { unfolded = $$("details[open][id]", e.detail.target).map((one) => one.id); });
document.body.addEventListener("htmx:afterSwap", () => { for (const id of unfolded) { const one = document.getElementById(id); if (one) one.open = true; } unfolded = []; });
