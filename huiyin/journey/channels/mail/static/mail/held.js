// Held mails: tick many, say once why nothing follows. Without this script each is ticked by hand.
const $ = (q) => document.querySelector(q);
const boxes = () => [...document.querySelectorAll("[data-pick]")];
const all = $("[data-all]"), said = $("[data-picked]");

function tell() {
  const on = boxes().filter((box) => box.checked).length;
  said.textContent = on ? said.dataset.picked.replace("{n}", on) : "";
  all.checked = on > 0 && on === boxes().length;
  all.indeterminate = on > 0 && !all.checked;
}
if (all) {
  all.disabled = false;
  all.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); tell(); });
  document.addEventListener("change", (e) => { if (e.target.matches("[data-pick]")) tell(); });
  addEventListener("pageshow", tell);
}
