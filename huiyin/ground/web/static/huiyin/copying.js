// Copying (复制), the same on every page: data-copy holds the words, data-copy-from says where they
// stand, data-copied what is told afterwards. A house that serves its pages over plain http in its
// own network has no clipboard in its browsers: there the words are selected and copied as by hand.
export async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { return byHand(text); }
}
function byHand(text) {
  const before = document.activeElement, field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  Object.assign(field.style, { position: "fixed", opacity: 0 });
  // Behind an open dialog nothing can be selected.
  (before?.closest("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const parts = [...document.querySelectorAll(button.dataset.copyFrom || "null")];
  const words = button.dataset.copy ?? parts.map((one) => (one.value ?? one.textContent).trim()).join("\n");
  if (!(await copied(words))) return;
  const label = button.lastChild;
  if (label.nodeType === Node.TEXT_NODE && label.data.trim()) label.data = button.dataset.copied;
  else document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, kind: "good" } }));
});
