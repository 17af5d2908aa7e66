// Rows of a list that is kept as JSON: one line for each, added, moved up, removed.
function made(tag, attributes = {}, ...inside) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") one.textContent = value;
    else if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...inside.filter(Boolean));
  return one;
}
const lineOf = (one) => [one.value, one.zh, one.en].filter(Boolean).join(" | ");
const choiceOf = (line) => {
  const [value = "", zh = "", en = ""] = line.split("|").map((part) => part.trim());
  return { value, zh: zh || value, en };
};

class Rows {
  constructor(root) {
    this.words = root.dataset;
    this.text = root.querySelector("textarea");
    this.place = root.querySelector("[data-table]");
    this.parts = JSON.parse(document.getElementById(root.dataset.parts).textContent);
    try { this.rows = JSON.parse(this.text.value || "[]"); } catch { return; }  // as it was sent: to be mended by hand
    if (!Array.isArray(this.rows)) return;
    root.classList.add("is-built");
    this.draw();
  }

  keep() {
    this.text.value = JSON.stringify(this.rows);
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  draw(focus = -1) {
    const lines = this.rows.map((row, at) => this.line(row, at));
    const add = made("button", { type: "button", class: "btn btn-sm", text: this.words.wordAdd, onclick: () => {
      this.rows.push(Object.fromEntries(this.parts.map((part) => [part.key, { yes: false, number: 1, lines: [] }[part.kind] ?? ""])));
      this.keep();
      this.draw(this.rows.length - 1);
    } });
    this.place.replaceChildren(made("ol", { class: "rows__list" }, ...lines), add);
    if (focus >= 0) this.place.querySelectorAll("li")[focus]?.querySelector("input, select, textarea")?.focus();
  }

  line(row, at) {
    const cells = this.parts.map((part) => this.cell(part, row));
    const up = at > 0 && made("button", { type: "button", class: "btn btn-sm", "aria-label": this.words.wordUp, title: this.words.wordUp, text: "↑", onclick: () => {
      this.rows.splice(at - 1, 2, this.rows[at], this.rows[at - 1]);
      this.keep();
      this.draw(at - 1);
    } });
    const remove = made("button", { type: "button", class: "btn btn-sm", "aria-label": this.words.wordRemove, title: this.words.wordRemove, text: "×", onclick: () => {
      this.rows.splice(at, 1);
      this.keep();
      this.draw(Math.min(at, this.rows.length - 1));
    } });
    return made("li", { class: "rows__line" }, made("div", { class: "rows__cells" }, ...cells), made("div", { class: "rows__acts" }, up, remove));
  }

  cell(part, row) {
    const wide = part.width ? ` rows__cell--${part.width}` : "";
    const field = this.field(part, row);
    if (part.kind === "yes") return made("label", { class: "check rows__cell rows__cell--narrow" }, field, ` ${part.label}`);
    const label = made("label", { class: `rows__cell${wide}` }, made("span", { class: "dim", text: part.label }), field);
    // What only a choice needs stands there only for a choice.
    if (part.kind === "lines") label.hidden = row.type !== "choice";
    return label;
  }

  field(part, row) {
    const set = (value) => { row[part.key] = value; this.keep(); };
    if (part.kind === "yes") {
      const box = made("input", { type: "checkbox", class: "form-check-input", onchange: (e) => set(e.target.checked) });
      box.checked = Boolean(row[part.key]);
      return box;
    }
    if (part.kind === "choice") {
      const select = made("select", { class: "form-select", onchange: (e) => { set(e.target.value); this.draw(this.rows.indexOf(row)); } }, made("option", { value: "", text: this.words.wordChoose }), ...part.choices.map(([value, label]) => made("option", { value, text: label })));
      if (row[part.key] && !part.choices.some(([value]) => value === row[part.key])) select.append(made("option", { value: row[part.key], text: row[part.key] }));
      select.value = row[part.key] ?? "";
      return select;
    }
    if (part.kind === "lines") {
      const box = made("textarea", { class: "form-control", rows: 2, placeholder: this.words.wordLines, oninput: (e) => set(e.target.value.split("\n").filter((line) => line.trim()).map(choiceOf)) });
      box.value = (row[part.key] || []).map(lineOf).join("\n");
      return box;
    }
    const number = part.kind === "number";
    const input = made("input", { class: "form-control", type: number ? "number" : "text", min: number ? 0 : null, maxlength: number ? null : 200, oninput: (e) => set(number ? Number.parseInt(e.target.value || "0", 10) : e.target.value) });
    input.value = row[part.key] ?? "";
    return input;
  }
}
document.querySelectorAll("[data-rows]").forEach((root) => new Rows(root));
