// Reply, note and the customer's words are three forms: what is written in one never becomes another.
import { forgetDraft, hasDraft } from "../huiyin/frame.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const composer = $("[data-composer]");
const number = document.body.dataset.complaint;

export const current = () => $("form:not([hidden])", composer);

function choose(kind, focus = false) {
  composer.dataset.kind = kind;
  $$("[data-kind-set]", composer).forEach((tab) => {
    const on = tab.dataset.kindSet === kind;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on ? 0 : -1;
  });
  $$("form", composer).forEach((form) => { form.hidden = form.dataset.write !== kind; });
  if (focus) current().elements.text.focus();
}

function showFiles(form) {
  const list = $("[data-files-shown]", form);
  list.replaceChildren(...[...form.elements.files.files].map((file) => {
    const line = document.createElement("li");
    line.className = "chip";
    if (file.type.startsWith("image/")) {
      const picture = document.createElement("img");
      const reader = new FileReader(); // data: is allowed for pictures, blob: is not
      reader.onload = () => { picture.src = reader.result; };
      if (file.size < 4_000_000) reader.readAsDataURL(file);
      picture.alt = "";
      line.append(picture);
    }
    line.append(file.name, dropOf(form, file, list.dataset.remove));
    return line;
  }));
  showFit(form);
}
// One file less, without choosing the others anew.
function dropOf(form, file, words) {
  const drop = document.createElement("button"), all = form.elements.files;
  Object.assign(drop, { type: "button", textContent: "✕" });
  drop.setAttribute("aria-label", words.replace("{name}", file.name));
  drop.addEventListener("click", () => {
    const rest = new DataTransfer();
    [...all.files].filter((one) => one !== file).forEach((one) => rest.items.add(one));
    all.files = rest.files;
    showFiles(form);
    form.elements.text.focus();
  });
  return drop;
}

// What the chosen way allows; a moment can be chosen where it is carried out of the house.
function showWay(form) {
  if (!form?.matches("[data-write=outbound]")) return;
  const chosen = form.elements.channel.selectedOptions[0];
  if (!chosen) return;
  const carried = "carried" in chosen.dataset;
  $("[data-way-told]", composer).textContent = chosen.dataset.told;
  const send = $("[data-send-word]", form); // what is kept on record only is sent to nobody
  send.textContent = "onRecord" in chosen.dataset ? send.dataset.onRecord : send.dataset.sends;
  $("[data-carried-only]", form).hidden = !carried;
  $("[data-letter-preview]", form).hidden = chosen.value !== "letter";
  if (!carried) form.elements.planned_at.value = "";
  showLater(form);
  showFit(form);
}
// Whether the way takes the files: said as soon as either is chosen. Nothing chosen is lost by it,
// and what cannot go is not sent.
function showFit(form) {
  const told = $("[data-unfit]", form), chosen = form.elements.channel?.selectedOptions?.[0];
  if (!told || !chosen) return;
  const picked = $$("[name=attached]:checked", form), files = [...form.elements.files.files];
  const going = [...files.map(({ name, size }) => ({ name, size })), ...picked.map((one) => ({ name: one.dataset.name, size: Number(one.dataset.size) }))];
  const most = Number(chosen.dataset.attaches || 0), carried = "carried" in chosen.dataset;
  const why = carried && going.length ? whyUnfit(chosen.dataset, told.dataset, going) : "";
  told.textContent = why;
  told.hidden = !why;
  const line = $("[data-takes-line]", form);
  line.textContent = chosen.dataset.takesTold || "";
  line.hidden = !line.textContent;
  $("[data-files-only]", form).hidden = carried && !most && !files.length;
  $("[data-attaches-only]", form).hidden = !most && !picked.length;
  showLeft(form);
}
// As the server judges it (conversation/rules.py): the first sort that takes a file is how it goes.
const mega = (bytes) => Math.ceil(bytes * 10 / 2 ** 20) / 10;
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
function whyUnfit(way, words, going) {
  const most = Number(way.attaches || 0), named = { way: way.label };
  if (!most) return way.noFiles || filled(words.none, named);
  const sorts = JSON.parse(way.sorts || "[]");
  for (const { name, size } of going) {
    const ending = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
    const known = sorts.filter((one) => !one.endings.length || one.endings.includes(ending));
    if (!sorts.length || known.some((one) => size >= one.least && size <= one.most)) continue;
    if (!known.length) return filled(words.wrong, { ...named, name, sorts: way.sortsNamed });
    const each = Math.max(...known.map((one) => one.most));
    if (size > each) return filled(words.large, { ...named, name, now: mega(size), most: Math.floor(each / 2 ** 20) });
    return filled(words.small, { name, least: Math.min(...known.map((one) => one.least)) });
  }
  const many = Number(way.mostFiles || 0), together = going.reduce((sum, one) => sum + one.size, 0);
  if (many && going.length > many) return filled(words.many, { ...named, most: many, now: going.length });
  return together > most ? filled(words.heavy, { ...named, most: Math.floor(most / 2 ** 20), now: mega(together) }) : "";
}
// In characters, as the other side of a way will count: bytes (a Chinese sign has three), or units
// of text messages (an emoji has two, and is not parted at the seams of parts).
function leftOf(way, text) {
  const signs = [...text].length, left = Number(way.most) - signs;
  if (!way.unit) return left;
  const size = way.unit === "utf8" ? new TextEncoder().encode(text).length : text.length + (text.length > signs ? Number(way.seams) : 0);
  return Math.min(left, Math.floor((Number(way.units) - size) / (way.unit === "utf8" ? 3 : 1)));
}
// How much more fits, told when it matters; what is too long is not sent, and never cut off.
function showLeft(form) {
  const told = $("[data-left]", composer), box = form.elements.text, unfit = $("[data-unfit]", form);
  const way = form.elements.channel?.selectedOptions?.[0]?.dataset ?? {}, most = Number(way.most);
  if (!most) return;
  const written = [...box.value.trim()].length, left = leftOf(way, box.value.trim());
  const matters = written && (left < 200 || most < 2000);
  told.textContent = matters ? (left < 0 ? told.dataset.over : told.dataset.left).replace("{n}", Math.abs(left)) : "";
  told.classList.toggle("bad", left < 0);
  box.setCustomValidity(left < 0 ? told.textContent : unfit?.textContent || "");
}
// Each sending has a key: when the answer is lost, sending again is the same one. What was answered,
// whatever the answer, is over, and the next sending is another. (randomUUID wants https.)
// One that is on its way is kept beside the draft, so that it outlives a page that is loaded anew.
const onItsWay = (form) => `sending:${document.body.dataset.user}:${number}-${form.dataset.write}`;
function keepKey(form) {
  try { localStorage.setItem(onItsWay(form), form.elements.key.value); } catch { /* full or forbidden */ }
}
function takeKey(form) {
  const kept = hasDraft(`${number}-${form.dataset.write}`) && localStorage.getItem(onItsWay(form));
  if (kept) form.elements.key.value = kept;
  else anotherKey(form);
}
function anotherKey(form) {
  localStorage.removeItem(onItsWay(form));
  form.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}
// How a letter will look, in a tab of its own; nothing is kept.
function previewLetter(button) {
  const asking = document.createElement("form");
  Object.assign(asking, { method: "post", action: button.dataset.letterPreview, target: "_blank", hidden: true });
  const fields = { text: button.form.elements.text.value, csrfmiddlewaretoken: $("meta[name=csrf-token]").content };
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    asking.append(field);
  }
  document.body.append(asking);
  asking.submit();
  asking.remove();
}
function showLater(form) {
  const told = $("[data-later-told]", form), at = form.elements.planned_at.value;
  told.dataset.usual ||= told.textContent;
  told.textContent = at ? at.slice(5).replace("T", " ") : told.dataset.usual;
}
// A file that went with what was taken back is kept already: it is chosen again, or not.
function returned(file) {
  const label = document.createElement("label"), box = document.createElement("input");
  label.className = "chip";
  Object.assign(box, { type: "checkbox", name: "attached", value: file.uuid, checked: true, className: "form-check-input" });
  Object.assign(box.dataset, { size: file.size, name: file.name });
  label.append(box, file.name);
  return label;
}
// What was taken back returns to where it was written, before what stands there now, and would go the
// same way again.
document.body.addEventListener("reply-undone", (e) => {
  const form = $("[data-write=outbound]", composer || document), box = form?.elements.text;
  if (!box) return;
  box.value = [e.detail.text, box.value].filter(Boolean).join("\n");
  const way = [...form.elements.channel.options].find((one) => one.value === e.detail.channel);
  if (way && !way.disabled) way.selected = true;
  $("[data-returned]", form).replaceChildren(...(e.detail.files || []).map(returned));
  anotherKey(form);
  showWay(form);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  choose("outbound", true);
});

if (composer) {
  $$("form[data-write]", composer).forEach(takeKey);
  showWay($("[data-write=outbound]", composer));
  composer.addEventListener("change", (e) => {
    if (e.target.matches("[data-way]")) showWay(e.target.form);
    if (e.target.name === "planned_at") showLater(e.target.form);
    if (e.target.name === "attached") showFit(e.target.form);
  });
  composer.addEventListener("input", (e) => { if (e.target.closest("[data-write=outbound]") && e.target.name === "text") showLeft(e.target.form); });
  composer.addEventListener("click", (e) => {
    const preview = e.target.closest("[data-letter-preview]");
    if (preview) previewLetter(preview);
    const moment = e.target.closest("[data-planned]");
    if (!moment) return;
    moment.closest("form").elements.planned_at.value = moment.dataset.planned;
    showLater(moment.closest("form"));
    moment.closest("details").open = false;
  });
  const kinds = $$("[data-kind-set]", composer).map((tab) => tab.dataset.kindSet);
  const begun = kinds.find((kind) => hasDraft(`${number}-${kind}`));
  choose(begun || composer.dataset.kind);
  composer.addEventListener("click", (e) => { const tab = e.target.closest("[data-kind-set]"); if (tab) { document.querySelector("button[data-pane=story]")?.click(); choose(tab.dataset.kindSet, true); } });
  composer.addEventListener("keydown", (e) => {
    const tab = e.target.closest("[role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(e.key)) return;
    const next = kinds.at((kinds.indexOf(tab.dataset.kindSet) + (e.key === "ArrowRight" ? 1 : -1)) % kinds.length);
    choose(next);
    $(`[data-kind-set=${next}]`, composer).focus();
  });
  composer.addEventListener("change", (e) => { if (e.target.name === "files") showFiles(e.target.form); });
  composer.addEventListener("paste", (e) => {
    const files = [...(e.clipboardData?.files || [])], form = e.target.closest("form");
    if (!files.length || !form) return;
    e.preventDefault();
    const all = new DataTransfer();
    [...form.elements.files.files, ...files].forEach((file) => all.items.add(file));
    form.elements.files.files = all.files;
    showFiles(form);
  });
  document.body.addEventListener("htmx:xhr:progress", (e) => {
    if (e.target.closest?.("[data-write]") && e.detail.lengthComputable && e.target.elements?.files?.files.length) uploading(e.detail.loaded / e.detail.total);
  });
  document.body.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.elt.matches("[data-write]")) keepKey(e.detail.elt); });
  document.body.addEventListener("htmx:afterRequest", (e) => {
    const form = e.detail.elt.closest("[data-write]"), { status } = e.detail.xhr;
    if (!form) return;
    uploading(null);
    if (e.detail.elt === form && status >= 200 && status < 500) anotherKey(form);
  });
  document.body.addEventListener("message-written", (e) => {
    const kind = e.detail.value || e.detail;
    const form = $(`[data-write="${CSS.escape(String(kind))}"]`, composer);
    if (!form) return;
    form.reset();
    $("[data-returned]", form)?.replaceChildren();
    showFiles(form);
    showWay(form);
    forgetDraft(`${number}-${kind}`);
  });
}

export function uploading(share) {
  const line = $("[data-upload]");
  if (!line) return;
  line.hidden = share === null;
  if (share === null) return;
  const percent = Math.round(100 * share);
  $("progress", line).value = percent;
  $("span", line).textContent = $("#complaint").dataset.wordUploading.replace("{percent}", percent);
}
