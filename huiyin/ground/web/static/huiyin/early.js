// Until the scripts of the page are here, what they would do waits for them: the browser by itself
// would lead away from the page, and from what was written on it.
(() => {
  const theirs = { submit: "[hx-post], [data-bulk]", click: "button[type=button], button[hx-get], button[hx-post]" };
  let later = null, all = false;
  function hold(e) {
    const one = e.type === "submit" ? e.target : e.target.closest?.("button");
    if (!one?.matches(theirs[e.type])) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const pressed = e.submitter ?? one; // htmx asks which button was clicked: its name may be the answer
    later = () => (pressed.matches("form") ? pressed.requestSubmit() : pressed.click());
    if (all) missing();
  }
  // All has come that will come, and still nobody takes it.
  function missing() {
    const line = document.createElement("div");
    line.className = "toast-line toast-line--bad";
    line.append(document.getElementById("words").dataset.missing);
    document.getElementById("toasts").replaceChildren(line);
  }
  for (const kind of Object.keys(theirs)) addEventListener(kind, hold, true);
  document.addEventListener("huiyin-ready", () => {
    for (const kind of Object.keys(theirs)) removeEventListener(kind, hold, true);
    later?.();
    later = null;
  }, { once: true });
  addEventListener("load", () => setTimeout(() => { all = true; if (later) missing(); }));
})();
