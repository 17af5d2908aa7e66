// The frame of every page. Each part stands in a module of its own; no page's logic here.
import "./session.js";
import "./requests.js";
import "./held.js";
import "./faults.js";
import "./keys.js";
import "./moments.js";
import "./copying.js";
import "./live.js";
import "./alerts.js";
import { dressFiles } from "./files.js";

export { toast } from "./toast.js";
export { isDark, openDialog } from "./dialogs.js";
export { forgetDraft, hasDraft } from "./drafts.js";
export { isHeld } from "./held.js";

// Selects with search, fields for files.
export function dress(root) {
  dressFiles(root);
  if (!window.TomSelect) return;
  root.querySelectorAll("select[data-searchable]").forEach((el) => {
    if (!el.tomselect) new TomSelect(el, {
      maxOptions: 400,
      plugins: el.multiple ? ["remove_button"] : [],
      render: { no_results: nothing },
    });
  });
}
function nothing() {
  const line = document.createElement("div");
  line.className = "no-results";
  line.textContent = document.body.dataset.nothing;
  return line;
}
document.addEventListener("DOMContentLoaded", () => dress(document));
// On the window it comes after all that listens on the document, htmx too: from now on a form goes
// as they send it (early.js).
addEventListener("DOMContentLoaded", () => { if (window.htmx) document.dispatchEvent(new Event("huiyin-ready")); });
document.body.addEventListener("htmx:load", (e) => dress(e.target));
if (document.readyState !== "loading") dress(document);
