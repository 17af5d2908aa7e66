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
    // The button itself asks: what the page as a whole asks, its next question would put aside unasked.
    button.onclick = () => { button.disabled = true; clearTimeout(going); htmx.ajax("POST", undo.url, { source: button, swap: "none" }).finally(() => line.remove()); };
    line.append(button);
  }
  $("#toasts").append(line);
  const going = setTimeout(() => line.remove(), undo?.seconds ? undo.seconds * 1000 : kind === "bad" ? 8000 : 4000);
}
document.body.addEventListener("toast", (e) => toast(e.detail.text, e.detail.kind, e.detail.undo));
document.querySelectorAll("#toasts .toast-line").forEach((line) => setTimeout(() => line.remove(), 5000));
