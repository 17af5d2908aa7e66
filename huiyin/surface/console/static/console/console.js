// Asking before what cannot easily be undone, and copying what is shown once.
let asked = null;
const dialog = document.querySelector("[data-ask]");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form === asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  asked = form;
  dialog.querySelector("[data-ask-words]").textContent = form.dataset.confirm;
  dialog.showModal();
}, true);

dialog?.addEventListener("close", () => {
  const form = asked;
  if (dialog.returnValue === "yes") form.requestSubmit();
  asked = null;
  dialog.returnValue = "";
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  button.classList.add("is-done");
  button.append(" ✓");
}, { passive: true });
