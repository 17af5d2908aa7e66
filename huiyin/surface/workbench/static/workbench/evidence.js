// Evidence: files dropped on the story go up with progress; pictures open large.
import { openDialog, toast } from "../huiyin/frame.js";
import { uploading } from "./composer.js";
const $ = (q, root = document) => root.querySelector(q);
const page = $("#complaint"), zone = $("[data-drop]"), veil = $(".story__drop");
const writes = $("[data-composer]"); // whoever may not write may not add evidence

function upload(files) {
  const body = new FormData();
  files.forEach((file) => body.append("files", file));
  body.append("internal", "1");
  const request = new XMLHttpRequest();
  request.open("POST", page.dataset.evidence);
  request.setRequestHeader("X-CSRFToken", $("meta[name=csrf-token]").content);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) uploading(e.loaded / e.total); });
  request.addEventListener("loadend", () => {
    uploading(null);
    if (request.status === 204) {
      toast(JSON.parse(request.getResponseHeader("HX-Trigger")).toast.text);
      htmx.trigger(document.body, "complaint-changed");
    } else toast(request.status >= 400 && request.status < 500 && request.status !== 403 ? request.responseText : page.dataset.wordLost, "bad");
  });
  uploading(0);
  request.send(body);
}

if (writes) {
  const carriesFiles = (e) => [...(e.dataTransfer?.types || [])].includes("Files");
  let inside = 0;
  zone.addEventListener("dragenter", (e) => { if (carriesFiles(e)) { inside += 1; veil.hidden = false; } });
  zone.addEventListener("dragleave", () => { inside = Math.max(0, inside - 1); veil.hidden = inside === 0; });
  zone.addEventListener("dragover", (e) => { if (carriesFiles(e)) e.preventDefault(); });
  zone.addEventListener("drop", (e) => {
    if (!carriesFiles(e)) return;
    e.preventDefault();
    inside = 0;
    veil.hidden = true;
    if (e.dataTransfer.files.length) upload([...e.dataTransfer.files]);
  });
}

document.addEventListener("click", (e) => {
  const small = e.target.closest("[data-picture]");
  if (!small) return;
  const dialog = $("#picture");
  $("img", dialog).src = small.dataset.picture;
  $("img", dialog).alt = small.dataset.name;
  $("a", dialog).href = small.dataset.picture;
  $("a", dialog).download = small.dataset.name;
  openDialog(dialog);
});
