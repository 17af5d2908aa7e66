// The form of a finding: shares add up before one's eyes, the next why comes when the last is written.
const $$ = (q, root) => [...root.querySelectorAll(q)];
const number = (box) => (/^\d{1,3}$/.test(box.value.trim()) ? Number(box.value) : 0);

function drawn(form) {
  const boxes = $$("[data-share]", form);
  const sum = boxes.reduce((all, box) => all + number(box), 0);
  let at = 0;
  boxes.forEach((box) => {
    const piece = form.querySelector(`[data-of="${CSS.escape(box.name)}"]`);
    piece.setAttribute("x", at);
    piece.setAttribute("width", Math.min(number(box), 100));
    at += number(box);
  });
  const line = form.querySelector("[data-sum]");
  const said = sum === 100 || sum === 0 ? line.dataset.word : sum < 100 ? line.dataset.wordLeft : line.dataset.wordOver;
  line.textContent = said.replace("{sum}", sum).replace("{left}", Math.abs(100 - sum));
  line.classList.toggle("is-right", sum === 100);
  line.classList.toggle("is-wrong", sum > 0 && sum !== 100);
  const whys = $$("[data-why]", form);
  const last = whys.findLastIndex((why) => why.querySelector("input").value.trim());
  whys.forEach((why, step) => { why.hidden = step > last + 1; });
}
function look(root) {
  $$("[data-finding]", root).forEach((form) => {
    drawn(form);
    form.querySelector("[data-restored]").hidden = !$$("[data-draft-restored]", form).length;
  });
}
look(document);
document.body.addEventListener("htmx:load", (e) => queueMicrotask(() => look(e.target)));
document.addEventListener("input", (e) => { const form = e.target.closest("[data-finding]"); if (form) drawn(form); });
document.addEventListener("click", (e) => {
  const drop = e.target.closest("[data-drop-draft]");
  if (!drop) return;
  const form = drop.closest("[data-finding]");
  form.reset();
  $$("[data-draft]", form).forEach((box) => { box.removeAttribute("data-draft-restored"); box.dispatchEvent(new CustomEvent("draft-dropped", { bubbles: true })); });
  look(document);
});
