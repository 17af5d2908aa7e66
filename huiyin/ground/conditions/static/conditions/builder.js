// The condition builder: rows of attribute, operator, value in groups; JSON in the text field below.
import { dress } from "../huiyin/frame.js";

const PATIENCE = 450; // ms after the last change before the preview is asked for
const DEEPEST = 4;

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

class Builder {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.text = root.querySelector("[data-condition]");
    this.place = root.querySelector("[data-builder]");
    this.told = root.querySelector("[data-previewed]");
    this.offered = JSON.parse(document.getElementById(root.dataset.offered).textContent);
    this.by = new Map(this.offered.map((one) => [one.key, one]));
    this.condition = this.read();
    root.classList.add("is-built");
    this.draw();
    this.preview();
  }

  read() {
    try { return JSON.parse(this.text.value || "null") || { all: [] }; } catch { return { all: [] }; }
  }

  // --- keeping

  get always() { return this.words.always && this.text.value === '{"all":[]}'; }

  changed(redraw = false) {
    const bare = tidied(this.condition, this.by);
    this.text.value = bare ? JSON.stringify(bare) : this.isAlways ? '{"all":[]}' : "";
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    if (redraw) this.draw();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.preview(), PATIENCE);
  }

  // --- drawing

  draw() {
    this.isAlways = this.isAlways ?? Boolean(this.always);
    this.place.replaceChildren(this.group(this.condition, null, 1));
    if (this.words.always && !lines(this.condition).length) {
      const box = made("input", { type: "checkbox", class: "form-check-input", onchange: (e) => { this.isAlways = e.target.checked; this.changed(); } });
      box.checked = this.isAlways;
      this.place.append(made("label", { class: "check cond__always" }, box, ` ${this.words.always}`));
    }
    dress(this.place);
  }

  group(group, within, depth) {
    const joined = "all" in group ? "all" : "any";
    const choose = made("select", { class: "form-select cond__joined", "aria-label": this.words.wordJoined, onchange: (e) => {
      const inside = lines(group);
      delete group.all; delete group.any;
      group[e.target.value] = inside;
      this.changed();
    } }, made("option", { value: "all", text: this.words.wordAll }), made("option", { value: "any", text: this.words.wordAny }));
    choose.value = joined;
    const list = made("ol", { class: "cond__lines" });
    lines(group).forEach((one, at) => list.append(made("li", {}, isGroup(one) ? this.group(one, { group, at }, depth + 1) : this.line(one, group, at))));
    const add = made("div", { class: "cond__add" },
      made("button", { type: "button", class: "btn btn-sm", text: `+ ${this.words.wordLine}`, "data-add": true, onclick: () => this.add(group, this.fresh()) }),
      depth < DEEPEST && made("button", { type: "button", class: "btn btn-sm", text: `+ ${this.words.wordGroup}`, onclick: () => this.add(group, { [joined === "all" ? "any" : "all"]: [this.fresh()] }) }));
    const head = lines(group).length > 1 || within ? made("div", { class: "cond__head" }, choose, within && this.remover(within.group, within.at, this.words.wordUngroup)) : "";
    return made("div", { class: `cond__group${within ? " cond__group--inner" : ""}`, role: "group", "aria-label": this.words.wordJoined }, head, list, add);
  }

  fresh() {
    const first = this.offered[0];
    return { field: first.key, is: first.operators[0].key, value: first.operators[0].several ? [] : "" };
  }

  add(group, one) {
    lines(group).push(one);
    this.changed(true);
    this.focus(one);
  }

  remover(group, at, label) {
    return made("button", { type: "button", class: "btn btn-sm cond__remove", "aria-label": label, title: label, text: "×", onclick: () => {
      lines(group).splice(at, 1);
      this.changed(true);
      const left = lines(group)[Math.min(at, lines(group).length - 1)];
      if (left) this.focus(left); else this.place.querySelector("[data-add]")?.focus();
    } });
  }

  focus(one) {
    const place = [...this.place.querySelectorAll("[data-line]")].find((row) => row.condition === one || (isGroup(one) && lines(one).includes(row.condition)));
    place?.querySelector("select, input")?.focus();
  }

  line(one, group, at) {
    const known = this.by.get(one.field);
    const attribute = made("select", { class: "form-select cond__attribute", "aria-label": this.words.wordAttribute, onchange: (e) => {
      const chosen = this.by.get(e.target.value);
      Object.assign(one, { field: chosen.key, is: chosen.operators[0].key, value: chosen.operators[0].several ? [] : chosen.kind === "yes" ? "yes" : "" });
      this.changed(true);
      this.focus(one);
    } }, ...this.offered.map((a) => made("option", { value: a.key, text: a.label })));
    if (!known) attribute.prepend(made("option", { value: one.field, text: one.field + this.words.wordGone }));
    attribute.value = one.field;
    const operators = known ? [...known.operators] : [];
    if (!operators.some((o) => o.key === one.is)) operators.unshift({ key: one.is, label: one.is, value: true, several: Array.isArray(one.value) });
    const operator = made("select", { class: "form-select cond__operator", "aria-label": this.words.wordOperator, onchange: (e) => {
      const chosen = operators.find((o) => o.key === e.target.value);
      one.is = chosen.key;
      if (!chosen.value) delete one.value;
      else if (chosen.several !== Array.isArray(one.value)) one.value = chosen.several ? [one.value].filter((v) => v || v === 0) : [].concat(one.value ?? "")[0] ?? "";
      this.changed(true);
      this.place.querySelectorAll("[data-line]").forEach((row) => { if (row.condition === one) row.querySelector(".cond__operator").focus(); });
    } }, ...operators.map((o) => made("option", { value: o.key, text: o.label })));
    operator.value = one.is;
    const chosen = operators.find((o) => o.key === one.is);
    const row = made("div", { class: "cond__line", "data-line": true }, attribute, operator,
      made("span", { class: "cond__value" }, chosen.value && this.value(one, known, chosen), known?.unit && chosen.value && made("span", { class: "dim", text: known.unit })),
      this.remover(group, at, this.words.wordRemove));
    row.condition = one;
    return row;
  }

  value(one, known, operator) {
    const label = { "aria-label": this.words.wordValue };
    const kept = (value) => { one.value = value; this.changed(); };
    const choices = known?.kind === "yes" ? [["yes", this.words.wordYes], ["no", this.words.wordNo]] : known?.choices ?? [];
    if (choices.length) {
      const has = new Set([].concat(one.value ?? []).map(String));
      const strange = [...has].filter((v) => v && !choices.some(([value]) => value === v)).map((v) => [v, v + this.words.wordGone]);
      const options = [...strange, ...choices].map(([value, text]) => made("option", { value, text, selected: has.has(value) }));
      const many = operator.several;
      if (!many && known.kind !== "yes") options.unshift(made("option", { value: "", text: this.words.wordChoose }));
      if (known.kind === "yes" && !has.has("no")) one.value = "yes";
      return made("select", { ...label, class: "form-select", multiple: many, placeholder: this.words.wordChoose, "data-searchable": many || choices.length > 12, onchange: (e) => kept(many ? [...e.target.selectedOptions].map((o) => o.value) : e.target.value) }, ...options);
    }
    const type = { number: "number", day: "date" }[known?.kind] ?? "text";
    const input = made("input", { ...label, class: "form-control", type, step: type === "number" ? "any" : null, maxlength: type === "text" ? 100 : null, autocomplete: "off",
      oninput: (e) => kept(operator.several ? e.target.value.split(/[,，、]/).map((v) => v.trim()).filter(Boolean) : e.target.value) });
    input.value = [].concat(one.value ?? "").join("、");
    return input;
  }

  // --- telling how many there are

  async preview() {
    if (!this.words.preview) return;
    if (!this.text.value) { this.tell(this.words.wordNone); return; }
    if (unfinished(this.condition, this.by)) { this.tell(this.words.wordUnfinished); return; }
    const turn = this.turn = (this.turn ?? 0) + 1;
    const body = new URLSearchParams({ condition: this.text.value });
    const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "HX-Request": "true", "X-Background": "1" };
    const answer = await fetch(this.words.preview, { method: "POST", body, headers, redirect: "error" }).catch(() => null);
    const said = answer ? await answer.text() : "";
    if (turn !== this.turn) return;
    if (answer?.ok) this.told.innerHTML = said; // our own page part, escaped by the server
    else this.tell(answer?.status === 422 ? said : this.words.wordLost, true);
  }

  tell(sentence, bad = false) {
    this.told.replaceChildren(made("span", { class: bad ? "bad" : "dim", text: sentence }));
  }
}

const isGroup = (one) => "all" in one || "any" in one;
const lines = (group) => group.all ?? group.any;
const lacks = (one, by) => {
  const operator = by.get(one.field)?.operators.find((o) => o.key === one.is);
  return (operator ? operator.value : one.value !== undefined) && [].concat(one.value ?? []).every((v) => v === "");
};
const unfinished = (group, by) => lines(group).some((one) => (isGroup(one) ? unfinished(one, by) : lacks(one, by)));

// Without groups that hold nothing.
function tidied(group, by) {
  const kept = lines(group).map((one) => (isGroup(one) ? tidied(one, by) : one)).filter(Boolean);
  return kept.length ? { ["all" in group ? "all" : "any"]: kept } : null;
}

export function build(root = document) {
  const unbuilt = "[data-conditions]:not(.is-built)"; // what was loaded may itself be one
  [...(root.matches?.(unbuilt) ? [root] : []), ...root.querySelectorAll(unbuilt)].forEach((one) => new Builder(one));
}
document.body.addEventListener("htmx:load", (e) => build(e.target));
build();
