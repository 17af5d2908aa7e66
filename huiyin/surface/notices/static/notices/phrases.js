// A phrase goes where the caret stands; its gaps stay to be filled in by the one who sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  const text = button?.closest("form")?.querySelector("textarea");
  if (!text) return;
  button.closest("details")?.removeAttribute("open");
  text.setRangeText(button.dataset.phrase, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
});
