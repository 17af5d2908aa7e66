// Another remedy brings its usual sum, day, basis and words, where nobody has written others.
const untouched = (box) => box.value === (box.dataset.brought ?? box.defaultValue);

document.addEventListener("htmx:load", (event) => {
  const own = event.target.closest?.(".change__own"), form = own?.closest("form");
  if (!form) return;
  for (const name of ["amount", "due_on", "basis", "wording"]) {
    const box = form.elements[name];
    if (!box || !untouched(box)) continue;
    box.value = own.dataset[name];
    box.dataset.brought = box.value;
  }
});
