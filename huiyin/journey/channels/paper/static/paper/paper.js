// Letters on paper: upload with progress, places on the page, accepting what was found.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];

// --- upload ---------------------------------------------------------------------------------------
const upload = $("[data-paper-upload]");
if (upload) {
  const line = $("[data-upload]", upload), drop = $(".paper__drop", upload);
  upload.addEventListener("htmx:xhr:progress", (e) => {
    if (!e.detail.lengthComputable) return;
    const percent = Math.round((100 * e.detail.loaded) / e.detail.total);
    line.hidden = false;
    $("progress", line).value = percent;
    $("span", line).textContent = upload.dataset.word.replace("{percent}", percent);
  });
  upload.addEventListener("htmx:afterRequest", () => { line.hidden = true; });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (e) => { e.preventDefault(); drop.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (e) => { e.preventDefault(); upload.elements.files.files = e.dataTransfer.files; });
}

// --- pages further down are fetched when they come into sight -------------------------------------
const seen = new IntersectionObserver((entries) => {
  for (const one of entries) {
    if (!one.isIntersecting) continue;
    for (const image of $$("image[data-href]", one.target)) {
      image.setAttribute("href", image.dataset.href);
      image.removeAttribute("data-href");
    }
    seen.unobserve(one.target);
  }
}, { rootMargin: "600px" });
const watch = () => $$(".leaf__sheet").forEach((sheet) => { if ($("image[data-href]", sheet)) seen.observe(sheet); });
watch();
document.body.addEventListener("htmx:afterSettle", watch);

// --- a page as large as small print needs it --------------------------------------------------------
document.addEventListener("click", (e) => {
  const leaf = e.target.closest(".leaf__sheet, [data-enlarge]")?.closest(".leaf");
  if (!leaf) return;
  const large = leaf.classList.toggle("is-large");
  $("[data-enlarge]", leaf)?.setAttribute("aria-pressed", large);
});

// --- what was found: where it stands, whether it is taken -----------------------------------------
const marksOf = (kind) => $$(`[data-mark="${CSS.escape(kind)}"]`);
function light(kind, scroll) {
  $$(".mark.is-on").forEach((mark) => mark.classList.remove("is-on"));
  const marks = marksOf(kind);
  marks.forEach((mark) => mark.classList.add("is-on"));
  if (scroll && marks.length) marks[0].scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
function judge(row) {
  const field = $("[data-proposed]", row), chip = $("[data-verdict]", row);
  if (!chip) return;
  const plain = (text) => text.trim().split(/\s+/).join(" ");
  const value = plain(field.value), was = plain(field.dataset.proposed);
  const verdict = value === was ? "accepted" : value ? "edited" : "rejected";
  chip.textContent = chip.dataset[verdict];
  chip.className = `chip chip--${{ accepted: "good", edited: "warn", rejected: "info" }[verdict]}`;
  $("[data-reject]", row).hidden = verdict === "rejected";
  $("[data-restore]", row).hidden = verdict === "accepted";
}
function dress(row) {
  const field = $("[data-proposed]", row), kind = row.dataset.kind;
  judge(row);
  const locate = $("[data-locate]", row);
  if (locate && marksOf(kind).length) locate.hidden = false;
  row.addEventListener("input", () => judge(row));
  row.addEventListener("focusin", () => { if (kind) light(kind, false); });
  row.addEventListener("click", (e) => {
    if (e.target.closest("[data-locate]")) light(kind, true);
    if (e.target.closest("[data-reject]")) { field.value = ""; judge(row); field.focus(); }
    if (e.target.closest("[data-restore]")) { field.value = field.dataset.proposed; judge(row); field.focus(); }
  });
}
$$("[data-found]").forEach(dress);
document.body.addEventListener("htmx:load", (e) => { if (e.target.id === "paper-acts") $$("[data-found]", e.target).forEach(dress); });

// The pages are drawn and read: what was found in them is proposed now. Nobody is disturbed in
// the middle of a word; what is written is kept as a draft.
document.body.addEventListener("paper-read", () => {
  if ($("#paper-acts")?.contains(document.activeElement)) $("#paper-fresh").hidden = false;
  else location.reload();
});

// --- letters of ours ------------------------------------------------------------------------------
$("[data-all]")?.addEventListener("change", (e) => $$("input[name=post]").forEach((box) => { box.checked = e.target.checked; }));
