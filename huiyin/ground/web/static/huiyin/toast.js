// Short sentences at one corner.
const $ = (q, root = document) => root.querySelector(q);
export const words = $("#words").dataset;

export function toast(text, kind = "good", undo = null) {
  const line = document.createElement("div");
  line.className = `toast-line toast-line--${kind}`;
  line.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.textContent = undo.label;
    button.onclick = () => { htmx.ajax("POST", undo.url, { swap: "none" }); line.remove(); };
    line.append(button);
  }
  $("#toasts").append(line);
  setTimeout(() => line.remove(), undo?.seconds ? undo.seconds * 1000 : kind === "bad" ? 8000 : 4000);
}
document.body.addEventListener("toast", (e) => toast(e.detail.text, e.detail.kind, e.detail.undo));
document.querySelectorAll("#toasts .toast-line").forEach((line) => setTimeout(() => line.remove(), 5000));
