// A survey: questions that do not concern are hidden, what is typed is kept, progress is shown.
// The server asks the same conditions again; here they only save reading.
const form = document.querySelector("[data-survey]");
const told = document.getElementById("survey-conditions");
const conditions = told ? JSON.parse(told.textContent) : {};
const parts = [...form.querySelectorAll("[data-q]")];

function value(part) {
  const name = `q.${part.dataset.q}`, ask = part.dataset.ask;
  const chosen = [...part.querySelectorAll("input:checked")].map((one) => one.value);
  if (ask === "several") return chosen;
  if (ask === "line" || ask === "text") return (form.elements[name]?.value || "").trim();
  if (ask === "matrix") return Object.fromEntries([...part.querySelectorAll("input:checked")].map((one) => [one.name.slice(name.length + 1), one.value]));
  return chosen[0] ?? "";
}
const isEmpty = (v) => v == null || v === "" || (Array.isArray(v) && !v.length) || (typeof v === "object" && !Array.isArray(v) && !Object.keys(v).length);
const listed = (v) => [].concat(v ?? []).map(String);
const number = (test) => (a, b) => !isEmpty(a) && test(Number(a), Number(b));
const TESTS = {
  at_least: number((a, b) => a >= b), at_most: number((a, b) => a <= b), more: number((a, b) => a > b), less: number((a, b) => a < b),
  equal: (a, b) => String(a ?? "") === String(b), not_equal: (a, b) => String(a ?? "") !== String(b),
  one_of: (a, b) => !isEmpty(a) && listed(b).includes(String(a)), none_of: (a, b) => isEmpty(a) || !listed(b).includes(String(a)),
  has_any: (a, b) => listed(a).some((v) => listed(b).includes(v)), has_all: (a, b) => listed(b).every((v) => listed(a).includes(v)), has_none: (a, b) => !listed(a).some((v) => listed(b).includes(v)),
  contains: (a, b) => (Array.isArray(a) ? a.includes(String(b)) : String(a ?? "").includes(String(b))), filled: (a) => !isEmpty(a), empty: (a) => isEmpty(a),
};
function holds(group, facts) {
  const test = (one) => ("all" in one || "any" in one ? holds(one, facts) : (TESTS[one.is] || (() => true))(facts[one.field], one.value));
  return "all" in group ? group.all.every(test) : group.any.some(test);
}

function look() {
  const facts = {};
  let seen = 0, done = 0;
  for (const part of parts) {
    const when = conditions[part.dataset.q];
    part.hidden = Boolean(when) && !holds(when, facts);
    if (part.hidden) continue;
    const given = value(part);
    if (part.dataset.ask === "matrix") for (const [row, score] of Object.entries(given)) facts[`${part.dataset.q}.${row}`] = score;
    else if (!isEmpty(given)) facts[part.dataset.q] = given;
    seen += 1;
    if (!isEmpty(given)) done += 1;
  }
  const bar = form.querySelector("[data-progress]");
  bar.hidden = false;
  bar.querySelector("progress").max = seen;
  bar.querySelector("progress").value = done;
  bar.querySelector("[data-count]").textContent = `${done}/${seen}`;
}

// Kept on the server a moment after the last change, and when the page is left.
let waiting = 0, dirty = false;
async function keep(leaving = false) {
  if (!form.dataset.keep || !dirty || form.dataset.sent) return;
  dirty = false;
  clearTimeout(waiting);
  try {
    const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: leaving, redirect: "error" });
    const kept = answer.ok && (await answer.json()).kept;
    if (!leaving) form.querySelector("[data-saved]").textContent = kept ? form.dataset.kept : "";
  } catch { dirty = true; }
}
function changed() {
  look();
  dirty = true;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 800);
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
addEventListener("pagehide", () => keep(true));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(true); });

function accuse(part) {
  if (part.querySelector(".wrong")) return;
  const line = document.createElement("p");
  line.className = "wrong";
  line.id = `${part.dataset.q}-fault`;
  line.setAttribute("role", "alert");
  line.textContent = form.dataset.answer;
  part.querySelector("legend").after(line);
  part.classList.add("survey__one--wrong");
}
form.addEventListener("change", (event) => {
  const part = event.target.closest("[data-q]");
  part?.classList.remove("survey__one--wrong");
  part?.querySelector(".wrong")?.remove();
});
// At the document, on the way down: before the portal's own listener, which would lock the button.
document.addEventListener("submit", (event) => {
  if (event.target !== form) return;
  const lacking = parts.filter((part) => !part.hidden && "required" in part.dataset && isEmpty(value(part)));
  if (!lacking.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  lacking.forEach(accuse);
  lacking[0].querySelector("input, textarea")?.focus();
  lacking[0].scrollIntoView({ block: "center" });
}, true);
look();
