// The form of a question: only the fields that its kind has.
const form = document.querySelector("[data-question]");
const NEEDS = { look: ["csat"], options: ["one", "several"], rows: ["matrix"] };

function show() {
  const kind = form.elements.ask.value;
  for (const [name, kinds] of Object.entries(NEEDS)) {
    const field = form.querySelector(`[data-field="${name}"]`);
    if (field) field.hidden = !kinds.includes(kind);
  }
}
form.elements.ask.addEventListener("change", show);
show();
