// The board asks for itself anew when something changed, at most every 15 seconds, and only while
// somebody looks. The last change of a burst is never lost: it waits for the next turn. After an
// act of one's own it asks once the server no longer keeps the figures from before.
const PAUSE = 15_000;
const KEPT = 5_500;
const board = document.querySelector("[data-board]");
let changed = false;
let asked = Date.now();
let pause = PAUSE;

function refresh() {
  if (!changed || document.hidden || Date.now() - asked < pause) return;
  // Not under the hands of somebody who is choosing, nor while he reads a table.
  if (document.activeElement?.matches("[data-board] select")) return;
  if (board.querySelector("details[open]")) return;
  changed = false;
  asked = Date.now();
  pause = PAUSE;
  htmx.trigger(board, "board-refresh");
}

document.body.addEventListener("queue-changed", () => { changed = true; refresh(); });
document.body.addEventListener("complaint-changed", () => { changed = true; asked = Date.now(); pause = KEPT; });
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1_000);
// A clock that runs out makes news that nobody tells: once in a minute all is asked for.
setInterval(() => { changed = true; }, 60_000);
