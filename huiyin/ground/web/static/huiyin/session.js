// The session has ended while somebody worked here: he signs in again over the page, and nothing
// of what he wrote is gone. The server says 401 to scripts (SignedOutMiddleware).
import { toast, words } from "./toast.js";
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const SURE = 600000; // ms since the server last knew us, for which a form is sent without asking
const dialog = $("#signed-out");
let known = Date.now();

function tell(status) {
  if (status === 401 && dialog && !dialog.open) dialog.showModal();
  else if (status < 400) known = Date.now();
}
document.body.addEventListener("htmx:beforeOnLoad", (e) => tell(e.detail.xhr.status));
const ask = window.fetch;
window.fetch = async (...asked) => {
  const answer = await ask(...asked);
  if (new URL(answer.url, location).origin === location.origin) tell(answer.status);
  return answer;
};

// Sent by hand, a form whose session has ended would come back empty.
document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (!dialog || form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-sign-in")) return;
  if (Date.now() - known < SURE) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  const answer = await fetch(dialog.dataset.address, { headers: { "X-Background": "1" } }).catch(() => null);
  if (answer?.ok) form.requestSubmit(e.submitter);
  else if (!answer) toast(words.lost, "bad");
}, true);

dialog?.addEventListener("submit", async (e) => {
  const form = e.target.closest("[data-sign-in]");
  if (!form) return;
  e.preventDefault();
  const fault = $("[role=alert]", form), button = $("button", form);
  button.disabled = true;
  const answer = await ask(form.action, { method: "POST", body: new FormData(form), headers: { "X-Background": "1" } }).catch(() => null);
  button.disabled = false;
  form.elements.password.value = "";
  fault.hidden = answer?.ok ?? false;
  if (!answer?.ok) { fault.textContent = !answer ? words.lost : answer.status === 403 ? words.refused : await answer.text(); form.elements.password.focus(); return; }
  if (answer.headers.get("X-User") !== document.body.dataset.user) { location.reload(); return; } // somebody else, in another tab
  const token = answer.headers.get("X-CSRFToken");
  $("meta[name=csrf-token]").content = token;
  $$("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
  known = Date.now();
  dialog.close();
  toast(words.signedIn);
  document.body.dispatchEvent(new Event("signed-in"));
});
