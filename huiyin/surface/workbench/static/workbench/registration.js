// Registration: hints while typing, a draft that is never lost, files that are kept at once.
import { toast } from "../huiyin/frame.js";

const form = document.querySelector("[data-registration]");
const done = document.querySelector("[data-registered]");
const KEPT = `huiyin-registration-${(form || done)?.dataset.user}`;

if (done) localStorage.removeItem(KEPT);
if (form) begin();

function begin() {
  hintsWhileTyping();
  keepDraft();
  takeFiles();
  chooseCategory();
  onlyOnThePhone();
}

function token() { return document.querySelector("meta[name=csrf-token]").content; }

function typed() {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return new URLSearchParams(data);
}

// --- hints: 400 ms after the last key, the last question wins, a failure is silent ----------------
function hintsWhileTyping() {
  const side = form.querySelector(".reg__side");
  let timer, asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const text = form.elements.text.value;
    side.classList.add("is-asking");
    try {
      const answer = await fetch(form.dataset.hints, {
        method: "POST", body: typed(), signal: asking.signal,
        headers: { "X-CSRFToken": token(), "X-Background": "1" },
      });
      if (answer.ok) show(await answer.text(), text);
    } catch { /* offline or overtaken: the form works without hints */ }
    side.classList.remove("is-asking");
  };
  const soon = (event) => {
    if (event.target.matches("[data-not-sent], [type=file]")) return;
    if (event.target.name === "text") stale(true);
    clearTimeout(timer);
    timer = setTimeout(ask, 400);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("ask-hints", () => { clearTimeout(timer); ask(); });
  const text = form.elements.text;
  text.addEventListener("scroll", () => { marks().scrollTop = text.scrollTop; });
}

const marks = () => form.querySelector("[data-slot=marks]");
function stale(is) { marks()?.classList.toggle("is-stale", is); }

function show(html, askedText) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  for (const fresh of answer.querySelectorAll("[data-slot]")) {
    const name = fresh.dataset.slot;
    const now = form.querySelector(`[data-slot="${name}"]`);
    if (!now) continue;
    if (name === "fields" && now.dataset.shape === fresh.dataset.shape) continue;
    if (name === "marks" && form.elements.text.value !== askedText) continue;
    if (name === "first" && now.textContent === fresh.textContent) continue; // ticks stay
    if (now.innerHTML === fresh.innerHTML) { if (name === "marks") stale(false); continue; }
    const focused = now.contains(document.activeElement) ? document.activeElement.id : "";
    const values = name === "fields" ? remembered(now) : null;
    now.replaceWith(fresh);
    if (values) refill(fresh, values);
    if (focused) document.getElementById(focused)?.focus();
    if (name === "marks") fresh.scrollTop = form.elements.text.scrollTop;
    if (name === "suggested") followSuggestion();
  }
}

function remembered(part) {
  return [...part.querySelectorAll("[name]")].map((one) => ({ name: one.name, value: one.value, checked: one.checked }));
}
function refill(part, values) {
  for (const { name, value, checked } of values) {
    for (const one of part.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (one.type === "checkbox") { if (one.value === value) one.checked = checked; } else one.value = value;
    }
  }
}

// --- category: the suggestion fills the field until the agent chooses himself ---------------------
function chooseCategory() {
  const select = form.elements.category;
  const chosen = form.elements.category_chosen;
  select.addEventListener("change", (event) => {
    if (select.dataset.filling) return;
    chosen.value = select.value ? "1" : "";
    if (event.isTrusted === false) form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-suggested]");
    if (!button) return;
    fill(button.dataset.suggested);
    chosen.value = "1";
    form.dispatchEvent(new Event("ask-hints"));
  });
  followSuggestion();
}

function followSuggestion() {
  const code = form.querySelector("[data-suggested]")?.dataset.suggested;
  if (!code || form.elements.category_chosen.value || form.elements.category.value === code) return;
  fill(code);
  form.dispatchEvent(new Event("ask-hints")); // the fields of this category
}

function fill(code) {
  const select = form.elements.category;
  select.dataset.filling = "1";
  if (select.tomselect) select.tomselect.setValue(code, true);
  else select.value = code;
  delete select.dataset.filling;
}

// --- the draft: to the server every few seconds, to this browser at once --------------------------
function keepDraft() {
  const told = form.querySelector("[data-saved]");
  let changed = false, saving = false;
  const local = () => {
    const values = [...typed().entries()].filter(([name]) => name !== "key");
    try { localStorage.setItem(KEPT, JSON.stringify({ key: form.elements.key.value, values })); } catch { /* full or forbidden */ }
  };
  const save = async (last = false) => {
    if (!changed || saving || !hasWords()) return;
    changed = false; saving = true;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST", body: typed(), keepalive: last, headers: { "X-CSRFToken": token() },
      });
      if (!answer.ok) throw new Error(answer.status);
      told.textContent = form.dataset.wordSaved.replace("{at}", (await answer.json()).saved);
      localStorage.removeItem(KEPT);
    } catch {
      changed = true;
      told.textContent = form.dataset.wordLocal;
    }
    saving = false;
  };
  form.addEventListener("input", () => { changed = true; local(); });
  form.addEventListener("change", () => { changed = true; local(); });
  form.addEventListener("submit", () => { changed = false; });
  setInterval(save, 3000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  offerLocal();
}

function hasWords() {
  return ["text", "phone", "name", "email", "wanted", "order_no"].some((name) => form.elements[name].value.trim());
}

function offerLocal() {
  const bar = form.querySelector("[data-local]");
  let kept;
  try { kept = JSON.parse(localStorage.getItem(KEPT) || "null"); } catch { kept = null; }
  if (!kept?.values?.some(([name, value]) => ["text", "phone", "name", "wanted"].includes(name) && value)) return;
  if (hasWords()) return;
  bar.hidden = false;
  bar.querySelector("[data-local-restore]").addEventListener("click", () => {
    for (const [name, value] of kept.values) {
      const field = form.elements[name];
      if (!field) continue;
      if (field.type === "checkbox") field.checked = true;
      else if (field.tomselect) field.tomselect.setValue(value, true);
      else field.value = value;
    }
    bar.hidden = true;
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  bar.querySelector("[data-local-forget]").addEventListener("click", () => { localStorage.removeItem(KEPT); bar.hidden = true; });
}

// --- files: dropped, pasted or chosen; kept with the draft at once ---------------------------------
function takeFiles() {
  const drop = form.querySelector("[data-drop]");
  form.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  form.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    send([...event.dataTransfer.files]);
  });
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length) { event.preventDefault(); send(files); }
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick]")) return;
    send([...event.target.files], event.target.dataset.field || "");
    event.target.value = "";
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    const answer = await fetch(button.dataset.remove, { method: "POST", headers: { "X-CSRFToken": token() } });
    if (answer.ok) list(await answer.text());
  });
}

async function send(files, field = "") {
  const body = new FormData();
  files.forEach((file) => body.append("files", file, file.name || "image.png"));
  body.append("field", field);
  const told = form.querySelector("[data-saved]");
  told.textContent = form.dataset.wordUploading;
  try {
    const answer = await fetch(form.dataset.files, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    if (answer.ok) { list(await answer.text()); told.textContent = ""; if (field) names(field, files); } else { told.textContent = ""; toast(await answer.text(), "bad"); }
  } catch { told.textContent = ""; toast(form.dataset.wordLost, "bad"); }
}

function list(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-slot=files]");
  form.querySelector("[data-slot=files]").replaceWith(fresh);
  form.dispatchEvent(new Event("ask-hints"));
}

function names(field, files) {
  const told = form.querySelector(`[data-field-files="${CSS.escape(field)}"]`);
  if (told) told.textContent = files.map((file) => file.name).join(" ");
}

// --- the recording notice belongs to calls ---------------------------------------------------------
function onlyOnThePhone() {
  const channel = form.elements.channel;
  const adapt = () => form.querySelectorAll("[data-only-phone]").forEach((one) => { one.hidden = channel.value !== "phone"; });
  channel.addEventListener("change", adapt);
  adapt();
}
