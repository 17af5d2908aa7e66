// The round that is written: kept while typing, options added and removed, sums worked out.
import { openDialog } from "../huiyin/dialogs.js";
import { toast, words } from "../huiyin/toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const form = $("#options-form");
const dialog = $("#calculator");
let waiting = 0, dirty = false, sent = false;

function keep() {
  clearTimeout(waiting);
  dirty = false;
  htmx.trigger(document.body, "keep");
}
function keepSoon() {
  dirty = true;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 600);
}

// Whoever closes the browser in the same second loses nothing either.
function keepAtOnce() {
  if (!form || !dirty || sent) return;
  dirty = false;
  fetch(form.dataset.keptAt, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": $("meta[name=csrf-token]").content, "X-Background": "1" },
    body: new URLSearchParams(new FormData(form)),
  }).catch(() => {});
}
addEventListener("pagehide", keepAtOnce);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepAtOnce(); });

if (form) {
  form.addEventListener("input", keepSoon);
  form.addEventListener("change", keepSoon);
  form.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.elt === form) sent = true; });
  form.addEventListener("htmx:afterRequest", (e) => { if (e.detail.elt === form && !e.detail.successful) sent = false; });
}
document.body.addEventListener("htmx:configRequest", (e) => {
  if (e.detail.elt.matches("[data-add]")) e.detail.parameters.set("remedy", $("[data-remedy]").value);
});
document.body.addEventListener("htmx:afterSwap", (e) => {
  if (e.detail.target.id === "cards") {
    keepSoon();
    const added = $("#cards").lastElementChild;
    added?.scrollIntoView({ block: "nearest" });
    $("input:not([type=hidden])", added)?.focus();
  }
  if (e.detail.target.id === "calculator-result") e.detail.target.scrollIntoView({ block: "nearest" });
  if (e.detail.target.id === "calculator-inside") { asked(); openDialog(dialog); }
});
document.body.addEventListener("calculated", (e) => {
  dialog.close();
  keepSoon();
  $(`[name="o${e.detail.place}-amount"]`)?.focus();
});

document.addEventListener("click", async (e) => {
  const remove = e.target.closest("[data-remove]");
  if (remove) {
    remove.closest("[data-option]").remove();
    keepSoon();
    $("[data-remedy]").focus();
  }
  const told = e.target.closest("[data-words]");
  if (told) await tellAnew(told);
});
async function tellAnew(button) {
  const place = button.closest("[data-option]").dataset.option;
  const body = new URLSearchParams(new FormData(form));
  body.set("place", place);
  const answer = await fetch(button.dataset.words, {
    method: "POST",
    headers: { "X-CSRFToken": $("meta[name=csrf-token]").content, "HX-Request": "true" },
    body,
  }).catch(() => null);
  if (!answer?.ok) { if (answer?.status !== 401) toast(answer ? words.refused : words.lost, "bad"); return; }
  const box = $(`[name="o${place}-wording"]`);
  box.value = await answer.text();
  keepSoon();
  box.focus();
}

// A question that is not asked in this case is not shown, and need not be answered.
function asked() {
  for (const line of $$("[data-when]", dialog)) {
    const other = $(`[name="q-${line.dataset.when}"]`, dialog);
    const answer = other.type === "checkbox" ? (other.checked ? "True" : "False") : other.value;
    line.hidden = !line.dataset.whenIs.split("|").includes(answer);
    for (const field of $$("input, select", line)) field.disabled = line.hidden;
  }
}
dialog?.addEventListener("change", () => { asked(); $("#calculator-result", dialog)?.replaceChildren(); });
dialog?.addEventListener("input", () => $("#calculator-result", dialog)?.replaceChildren());
