// What is being written is read for promises: chips below it say what goes into the ledger, what is
// no promise, and which sentence cannot go out as it stands.
const PAUSE = 500, LONGEST = 5000;
const state = new WeakMap(); // of each form: timer, request, what was read last

function boxOf(form) { return form?.querySelector("[data-promised]"); }
function isRead(form) { return !form.elements.spoken || form.elements.spoken.checked; }
// A letter of several parts is read as one text: data-promised-of="measures result".
function fieldsOf(form) { return (boxOf(form)?.dataset.promisedOf || "text").split(" ").map((name) => form.elements[name]).filter(Boolean); }
function textOf(form) { return fieldsOf(form).map((field) => field.value).join("\n\n").slice(0, LONGEST); }
function waived(box) { return [...box.querySelectorAll("input[name=waived]")].map((one) => one.value); }

function later(form) {
  const box = boxOf(form);
  if (!box) return;
  const own = state.get(form) || {};
  clearTimeout(own.timer);
  own.timer = setTimeout(() => read(form), PAUSE);
  state.set(form, own);
}

async function read(form, { sentences, to, place } = {}) {
  const box = boxOf(form), text = textOf(form), own = state.get(form) || {};
  if (!isRead(form) || text.trim().length < 3) { box.replaceChildren(); own.last = ""; return; }
  const said = new FormData();
  said.set("text", text);
  said.set("spoken", form.elements.spoken?.checked ? "1" : "");
  (sentences || waived(box)).forEach((one) => said.append("waived", one));
  if (to) { said.set("to", to); said.set("place", place); }
  const asked = [...said.entries()].join("\n");
  if (asked === own.last) return;
  own.request?.abort();
  own.request = new AbortController();
  own.last = asked;
  state.set(form, own);
  const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "X-Background": "1" };
  const answer = await fetch(box.dataset.promised, { method: "POST", body: said, headers, signal: own.request.signal }).catch(() => null);
  if (!answer?.ok) { if (answer) own.last = ""; return; }
  const html = await answer.text();
  if (textOf(form) !== text) return;
  const confirmed = new Set([...box.querySelectorAll(".is-confirmed")].map((one) => one.dataset.sentence));
  const focused = box.contains(document.activeElement) ? document.activeElement.closest("[data-chip]")?.dataset.chip : null;
  box.innerHTML = html;
  box.querySelectorAll("[data-chip]").forEach((chip) => { if (confirmed.has(chip.dataset.sentence)) confirm(chip, true); });
  const rewritten = box.querySelector("[data-rewritten]");
  if (rewritten) { put(form, rewritten.dataset.sentence, rewritten.content.textContent); return; }
  if (focused !== null && focused !== undefined) box.querySelector(`[data-chip="${focused}"] button`)?.focus();
}

function put(form, sentence, better) {
  const field = fieldsOf(form).find((one) => one.value.includes(sentence));
  if (!field) return;
  field.value = field.value.replace(sentence, () => better);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function confirm(chip, on) {
  chip.classList.toggle("is-confirmed", on);
  chip.querySelector("[data-confirm]")?.setAttribute("aria-pressed", on);
}

document.addEventListener("input", (e) => { const form = e.target.form; if (boxOf(form) && fieldsOf(form).includes(e.target)) later(form); });
document.addEventListener("change", (e) => {
  const form = e.target.form;
  if (!boxOf(form)) return;
  if (e.target.name === "spoken") read(form);
  if (e.target.matches("[data-date]") && e.target.value) read(form, { to: e.target.value, place: e.target.closest("[data-chip]").dataset.chip });
});
document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-confirm], [data-waive], [data-unwaive], [data-better]");
  const chip = button?.closest("[data-chip]"), form = button?.closest("form");
  if (!chip || !form) return;
  const sentence = chip.dataset.sentence, box = boxOf(form);
  if (button.matches("[data-confirm]")) confirm(chip, button.getAttribute("aria-pressed") !== "true");
  if (button.matches("[data-waive]")) read(form, { sentences: [...waived(box), sentence] });
  if (button.matches("[data-unwaive]")) read(form, { sentences: waived(box).filter((one) => one !== sentence) });
  if (button.matches("[data-better]")) put(form, sentence, button.dataset.better);
});
document.body.addEventListener("message-written", (e) => {
  const form = document.querySelector(`[data-write="${CSS.escape(String(e.detail.value || e.detail))}"]`);
  const box = boxOf(form);
  if (box) { box.replaceChildren(); state.delete(form); }
});
document.body.addEventListener("htmx:responseError", (e) => { const form = e.detail.elt.closest?.("form"); if (boxOf(form)) { state.delete(form); read(form); } });
function begin(root) { root.querySelectorAll("[data-promised]").forEach((box) => { const form = box.closest("form"); if (form && textOf(form).trim()) later(form); }); }
begin(document);
document.body.addEventListener("htmx:load", (e) => begin(e.detail.elt)); // a letter drafted from the record
