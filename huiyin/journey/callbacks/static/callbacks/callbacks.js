// One key for the result of a call: its digit, as long as nobody is typing.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || !/^[1-9]$/.test(e.key)) return;
  if (e.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  const key = document.querySelectorAll(".calls__key")[Number(e.key) - 1];
  if (!key || document.querySelector("dialog[open]")) return;
  e.preventDefault();
  key.click();
});
