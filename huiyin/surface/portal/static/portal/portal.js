// The portal: three steps with progress, what is typed stays on this phone until it is sent.

document.documentElement.classList.add("js");

const wizard = document.querySelector("[data-wizard]");
if (wizard) steps(wizard);
if (document.querySelector("[data-sent]")) forget();
document.querySelectorAll("form[data-once], form[data-wizard]").forEach(once);
document.querySelectorAll("input[type=file]").forEach(listFiles);
copyKeys();

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

const KEPT = "huiyin-portal-complaint";

function remember(form) {
  const names = ["text", "happened_on", "order_no", "concerning", "wanted", "name", "phone", "email"];
  const kept = read();
  for (const name of names) {
    const field = form.elements[name];
    if (field && kept[name] && !field.value) field.value = kept[name];
  }
  form.addEventListener("input", () => {
    const typed = {};
    for (const name of names) if (form.elements[name]?.value) typed[name] = form.elements[name].value;
    try { sessionStorage.setItem(KEPT, JSON.stringify(typed)); } catch { return; }
    const saved = form.querySelector("[data-saved]");
    if (saved) saved.hidden = false;
  });
}

function read() {
  try { return JSON.parse(sessionStorage.getItem(KEPT) || "{}"); } catch { return {}; }
}

function forget() {
  try { sessionStorage.removeItem(KEPT); } catch { /* a webview without storage has nothing to forget */ }
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

function copyKeys() {
  const button = document.querySelector("[data-copy]");
  if (!button || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const parts = [...document.querySelectorAll("[data-copy-text]")].map((one) => one.textContent.trim());
    await navigator.clipboard.writeText(parts.join("\n"));
    button.textContent = button.dataset.copied;
  });
}
