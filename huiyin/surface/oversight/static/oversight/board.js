// The board asks for itself anew when something changed, at most every 15 seconds, and only while
// somebody looks. The last change of a burst is never lost: it waits for the next turn.
const PAUSE = 15_000;
const board = document.querySelector("[data-board]");
let changed = false;
let asked = Date.now();

function refresh() {
  if (!changed || document.hidden || Date.now() - asked < PAUSE) return;
  // Not under the hands of somebody who is choosing, nor while he reads a table.
  if (document.activeElement?.matches("[data-board] select")) return;
  if (board.querySelector("details[open]")) return;
  changed = false;
  asked = Date.now();
  htmx.trigger(board, "board-refresh");
}

document.body.addEventListener("queue-changed", () => { changed = true; refresh(); });
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1_000);
