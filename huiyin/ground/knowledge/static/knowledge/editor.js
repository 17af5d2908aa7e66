// What was typed is not lost by a careless step away.
const form = document.querySelector(".knowledge__editor");
let changed = false, sent = false;
form?.addEventListener("input", () => { changed = true; });
form?.addEventListener("submit", () => { sent = true; });
addEventListener("beforeunload", (event) => { if (changed && !sent) event.preventDefault(); });
addEventListener("pageshow", () => { sent = false; });
