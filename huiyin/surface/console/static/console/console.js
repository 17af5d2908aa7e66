// Asking before what cannot easily be undone.
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
