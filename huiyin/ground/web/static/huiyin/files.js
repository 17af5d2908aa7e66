// Fields for files in the language of the page: what a browser writes there follows the browser.
// The real field lies over it, unseen, so keys, dropping and screen readers work as ever.
const { chooseFile, noFile, manyFiles } = document.body.dataset;

function dress(input) {
  const box = document.createElement("span");
  const button = document.createElement("span");
  const names = document.createElement("span");
  box.className = "file-field";
  button.className = "btn btn-sm";
  names.className = "file-field__names";
  button.textContent = chooseFile;
  button.ariaHidden = names.ariaHidden = true;
  input.before(box);
  box.append(button, names, input);
  input.classList.replace("form-control", "file-field__input");
  const tell = () => {
    const files = [...input.files];
    names.textContent = files.length > 1 ? manyFiles.replace("{n}", files.length) : files[0]?.name ?? noFile;
    box.title = files.map((file) => file.name).join("\n");
    box.classList.toggle("is-filled", files.length > 0);
  };
  input.addEventListener("change", tell);
  input.form?.addEventListener("reset", () => setTimeout(tell));
  tell();
}

export function dressFiles(root) {
  root.querySelectorAll("input.form-control[type=file]").forEach(dress);
}
