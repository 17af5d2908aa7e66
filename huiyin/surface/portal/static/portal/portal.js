// The portal: three steps with progress, what is typed stays on this phone until it is sent.
import "../huiyin/copying.js";

document.documentElement.classList.add("js");

function steps(form) {
  const parts = [...form.querySelectorAll("[data-step]")];
  const marks = [...form.querySelectorAll("[data-progress]")];
  let now = 0;

  const show = (index, focus = true) => {
    now = Math.max(0, Math.min(index, parts.length - 1));
    parts.forEach((part, i) => { part.hidden = i !== now; });
    marks.forEach((mark, i) => {
      mark.classList.toggle("progress__step--done", i < now);
      mark.classList.toggle("progress__step--now", i === now);
      if (i === now) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
    if (focus) {
      window.scrollTo({ top: 0 });
      parts[now].querySelector("input:not([type=hidden]), textarea")?.focus({ preventScroll: true });
    }
  };

  const complete = (part) => {
    const wrong = [...part.querySelectorAll("input, textarea")].filter((one) => !one.checkValidity());
    part.querySelectorAll("[data-field]").forEach((field) => {
      field.classList.toggle("field--wrong", wrong.some((one) => field.contains(one)));
    });
    wrong[0]?.focus();
    wrong[0]?.reportValidity();
    return wrong.length === 0;
  };

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]") && complete(parts[now])) show(now + 1);
    if (event.target.closest("[data-back]")) show(now - 1);
  });
  // Enter in a line of an early step goes on instead of sending half a story.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || now === parts.length - 1) return;
    event.preventDefault();
    if (complete(parts[now])) show(now + 1);
  });
  form.addEventListener("submit", (event) => {
    const bad = parts.findIndex((part) => !complete(part));
    if (bad >= 0) { event.preventDefault(); event.stopImmediatePropagation(); show(bad); complete(parts[bad]); }
  });
  remember(form);
  show(Number(form.dataset.firstWrong) || 0, false);
}

// The story is kept for a day, so that a closed webview loses nothing; name and contact only until
// the page is left, since phones get lent.
const KEPT = "huiyin-portal-complaint";
const A_DAY = 24 * 3600 * 1000;
const STORY = ["text", "happened_on", "order_no", "concerning", "wanted"];
const PERSON = ["name", "phone", "email"];

function remember(form) {
  const kept = { ...read(stores().story), ...read(stores().person) };
  let found = false;
  for (const name of [...STORY, ...PERSON]) {
    const field = form.elements[name];
    if (field && kept[name] && !field.value) { field.value = kept[name]; found = true; }
  }
  const saved = form.querySelector("[data-saved]");
  if (found && saved) saved.hidden = false;
  form.addEventListener("input", () => {
    const did = [write(stores().story, form, STORY), write(stores().person, form, PERSON)];
    if (did.some(Boolean) && saved) saved.hidden = false;
  });
  form.querySelector("[data-clear]")?.addEventListener("click", () => {
    forget();
    for (const name of [...STORY, ...PERSON]) if (form.elements[name]) form.elements[name].value = "";
    saved.hidden = true;
    form.elements.text?.focus();
  });
}

function stores() {
  try { return { story: localStorage, person: sessionStorage }; } catch { return {}; }
}

function read(store) {
  try {
    const kept = JSON.parse(store.getItem(KEPT) || "{}");
    return Date.now() - (kept.at || 0) < A_DAY ? kept : {};
  } catch { return {}; }
}

function write(store, form, names) {
  const typed = { at: Date.now() };
  for (const name of names) if (form.elements[name]?.value) typed[name] = form.elements[name].value;
  try { store.setItem(KEPT, JSON.stringify(typed)); return true; } catch { return false; }
}

function forget() {
  // A webview without storage has nothing to forget.
  for (const store of Object.values(stores())) try { store.removeItem(KEPT); } catch { /* full or closed */ }
}

// A second touch on the button sends nothing again; back from the next page it works anew.
function once(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = form.querySelector("[data-send], .button--primary, .button");
    if (button?.dataset.sending) button.textContent = button.dataset.sending;
    setTimeout(() => { if (button) button.disabled = true; });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  });
}

function listFiles(input) {
  input.addEventListener("change", () => {
    const list = input.closest("form").querySelector("[data-chosen]");
    list?.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      line.textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
      return line;
    }));
  });
}

// A signature drawn with finger or mouse; without script the page works without it.
function signing(box) {
  const pad = box.querySelector("canvas");
  const kept = box.querySelector("[data-signing-value]");
  const pen = pad.getContext("2d");
  if (!pen || !window.PointerEvent) return;
  box.hidden = false;
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#1f2733";
  let down = false;
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    down = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!down) return;
    pen.lineTo(...at(event));
    pen.stroke();
    kept.value = "drawn";
  });
  const up = () => { down = false; };
  pad.addEventListener("pointerup", up);
  pad.addEventListener("pointercancel", up);
  box.querySelector("[data-signing-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    kept.value = "";
  });
  pad.closest("form").addEventListener("submit", () => {
    if (kept.value) kept.value = pad.toDataURL("image/png");
  });
}

// Last, so that every constant above has its value.
const wizard = document.querySelector("[data-wizard]");
if (wizard) steps(wizard);
if (document.querySelector("[data-sent]")) forget();
document.querySelectorAll("form[data-once], form[data-wizard]").forEach(once);
document.querySelectorAll("input[type=file]").forEach(listFiles);
document.querySelectorAll("[data-copy-from]").forEach((button) => { button.hidden = false; });
document.querySelectorAll("[data-signing]").forEach(signing);
