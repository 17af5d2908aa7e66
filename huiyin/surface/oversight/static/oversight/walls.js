// The address of a new screen goes to the clipboard.
document.querySelector("[data-copy]")?.addEventListener("click", async (e) => {
  const field = document.querySelector("[data-address]");
  field.select();
  await navigator.clipboard?.writeText(field.value).catch(() => {});
  e.target.closest("button").lastChild.textContent = e.target.closest("button").dataset.done;
});
