// A click is one only when it ends on what it began on: what draws itself anew in the background waits
// until the pointer that is pressed on it is released, and asks again then.
let pressed = null, story = false;
const waiting = new Set();
export const isHeld = (box) => Boolean(pressed && box.contains(pressed));

function release() {
  pressed = null;
  for (const asker of waiting) if (asker.isConnected) htmx.ajax("GET", asker.getAttribute("hx-get"), { source: asker });
  waiting.clear();
  if (story) htmx.trigger(document.body, "complaint-changed-elsewhere");
  story = false;
}
addEventListener("pointerdown", (e) => { if (e.button === 0) pressed = e.target; }, true);
// The click comes after the release, in the same task.
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { if (pressed) setTimeout(release); }, true);
// A release that nobody told: in another window, over a foreign frame.
addEventListener("blur", () => { if (pressed) release(); });
addEventListener("pointermove", (e) => { if (pressed && !e.buttons) release(); }, true);

document.body.addEventListener("htmx:beforeSwap", (e) => {
  const { target, requestConfig: { elt: asker, headers } } = e.detail;
  if (headers["X-Background"] !== "1" || !asker.hasAttribute("hx-get") || !isHeld(target)) return;
  e.detail.shouldSwap = false;
  waiting.add(asker);
});
// The parts of a complaint (anew.js).
document.body.addEventListener("before-anew", (e) => {
  if (!isHeld(e.target)) return;
  e.preventDefault();
  story = true;
});
