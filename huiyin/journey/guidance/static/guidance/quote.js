// One dialog for the page: a passage goes into the box that asked, once it is on record.
import { openDialog } from "../huiyin/dialogs.js";
import { toast, words } from "../huiyin/toast.js";
const $ = (q, root = document) => root.querySelector(q);
let asker = null;

async function dialogFor(button) {
  const address = `${button.dataset.quote}?dialog=1&into=${encodeURIComponent(button.dataset.into)}`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) { if (answer.status !== 401) toast(words.broken, "bad"); return; }
  $("#quote")?.remove();
  document.body.insertAdjacentHTML("beforeend", await answer.text());
  const dialog = $("#quote");
  htmx.process(dialog);
  dialog.addEventListener("close", () => asker?.focus());
  openDialog(dialog);
}

// What is written: a script as it stands, a clause with its source; an option takes the source alone.
function written(passage, asks) {
  const { body, basis, kindOf } = passage.dataset;
  const part = asks.dataset.part || (asks.dataset.into === "offer" ? "basis" : "body");
  if (part === "basis") return basis;
  const told = (document.documentElement.lang === "en") ? ` (${basis})` : `（依据：${basis}）`;
  return part === "both" || ["law", "policy"].includes(kindOf) ? body + told : body;
}

function insert(box, text) {
  document.querySelector(`[data-kind-set="${CSS.escape(box.closest("[data-write]")?.dataset.write || "")}"]`)?.click();
  if (box instanceof HTMLTextAreaElement) {
    const before = box.value.slice(0, box.selectionStart);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    box.setRangeText(gap + text, box.selectionStart, box.selectionEnd, "end");
  } else box.value = box.value ? `${box.value}；${text}` : text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
}

async function quote(passage) {
  const asks = passage.dataset.record ? passage : asker;
  const box = asks && $(asks.dataset.target);
  if (!box) { toast(words.refused, "bad"); return; }
  passage.disabled = true;
  const answer = await fetch(asks.dataset.record, {
    method: "POST",
    headers: { "X-CSRFToken": $("meta[name=csrf-token]").content, "HX-Request": "true" },
    body: new URLSearchParams({ version: passage.dataset.passage, into: asks.dataset.into }),
  }).catch(() => null);
  passage.disabled = false;
  const told = JSON.parse(answer?.headers.get("HX-Trigger") || "{}");
  if (!answer) { toast(words.lost, "bad"); return; }
  if (answer.status !== 401) toast(told.toast?.text || words.broken, told.toast?.kind || "bad");
  if (!answer.ok) return;
  $("#quote")?.close();
  insert(box, written(passage, asks));
  htmx.trigger(document.body, "knowledge-quoted");
}

// The module may be named by several buttons of a page; it runs once.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quote]");
  if (button) { asker = button; dialogFor(button); return; }
  const passage = event.target.closest("[data-passage]");
  if (passage) quote(passage);
});
