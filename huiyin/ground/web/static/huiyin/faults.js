// What was refused stands at its field; what was typed stays.
function accept(field) {
  field.classList.remove("is-invalid");
  field.removeAttribute("aria-invalid");
  const told = field.getAttribute("aria-describedby");
  if (!told?.startsWith("fault-")) return;
  document.getElementById(told)?.remove();
  field.removeAttribute("aria-describedby");
}

function refuse(form, name, sentence) {
  const named = form.elements[name], field = named instanceof RadioNodeList ? named[0] : named;
  if (typeof sentence !== "string" || !field?.classList) return null;
  const line = document.createElement("span");
  line.className = "field-fault";
  line.id = `fault-${form.closest("dialog")?.id || "form"}-${name}`;
  line.textContent = sentence;
  field.classList.add("is-invalid");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", line.id);
  (field.closest("fieldset") || field.closest("label") || field.parentElement).append(line);
  return field;
}

document.body.addEventListener("fields-refused", (e) => {
  const form = e.target.closest("form");
  if (!form) return;
  form.querySelectorAll(".is-invalid").forEach(accept);
  const { elt, ...faults } = e.detail;  // htmx adds who asked
  const refused = Object.entries(faults).map(([name, sentence]) => refuse(form, name, sentence)).filter(Boolean);
  refused[0]?.focus();
});
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (e) => { if (e.target.classList?.contains("is-invalid")) accept(e.target); });
}
