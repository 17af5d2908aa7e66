// A screen on a wall, for weeks: it asks for its figures four times a minute, waits longer while
// nobody answers, says since when they are old, and goes on by itself when somebody answers again.
const $ = (q, root = document) => root.querySelector(q);
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const EVERY = 15_000, PATIENCE = 10_000, OLD = 60_000, SLOWEST = 120_000;
const inside = $("#figures"), stale = $("[data-stale]"), gone = $("[data-gone]");
const address = `${location.pathname.replace(/\/$/, "")}/figures/`;
let heard = Date.now(), failures = 0, ahead = 0, at = "";

function read() {
  const tiles = $("[data-now]", inside);
  if (!tiles) return;
  ahead = Number(tiles.dataset.now) * 1000 - Date.now(); // of a television, the clock is often wrong
  at = tiles.dataset.at;
}

async function ask() {
  let wait = EVERY;
  try {
    const answer = await fetch(address, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout?.(PATIENCE) });
    if (answer.status === 404) { close(); wait = 60_000; }
    else if (!answer.ok) throw new Error(answer.status);
    else if (isNewer(answer.headers.get("X-Wall-Version"))) { location.reload(); return; }
    else { show(await answer.text()); }
    failures = 0;
  } catch {
    failures += 1;
    wait = Math.min(SLOWEST, EVERY * 2 ** Math.min(failures, 3));
  }
  setTimeout(ask, wait + Math.random() * 1000);
}
// A header that a proxy took away says nothing.
const isNewer = (version) => version && version !== document.body.dataset.version;
function show(html) {
  inside.innerHTML = html;
  heard = Date.now();
  inside.hidden = false;
  gone.hidden = true;
  read();
  tick();
}
// Revoked or expired: not even the last figures stay.
function close() {
  inside.replaceChildren();
  inside.hidden = true;
  gone.hidden = false;
  heard = Date.now();
}

const two = (n) => String(n).padStart(2, "0");
function span(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${two(minutes)}:${two(Math.floor(ms / 1000) % 60)}`;
  return document.body.dataset.hours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
}
function tick() {
  const now = Date.now() + ahead;
  const there = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  $("[data-clock]").textContent = there.format(now);
  for (const one of $$("[data-since]", inside)) one.textContent = span(Math.max(0, now - Number(one.dataset.since) * 1000));
  for (const one of $$("[data-until]", inside)) {
    const left = Number(one.dataset.until) * 1000 - now;
    one.textContent = left < 0 ? `${one.dataset.over} ${span(-left)}` : span(left);
    one.classList.toggle("wall__bad", left < 0);
  }
  const old = Date.now() - heard > OLD;
  if (old) stale.textContent = stale.dataset.word.replace("{at}", at);
  stale.hidden = !old;
  document.body.classList.toggle("is-old", old);
}

const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.())?.catch?.(() => {});
$("[data-full]").addEventListener("click", full);
document.addEventListener("keydown", (e) => { if (e.key.toLowerCase() === "f" && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); full(); } });
// A television does not go to sleep over it.
async function awake() { await navigator.wakeLock?.request("screen").catch(() => {}); }
document.addEventListener("visibilitychange", () => { if (!document.hidden) awake(); });
// The pointer and the button go away after a while.
let still = 0;
const moved = () => { document.body.classList.remove("is-still"); clearTimeout(still); still = setTimeout(() => document.body.classList.add("is-still"), 4000); };
document.addEventListener("pointermove", moved);

awake();
moved();
read();
tick();
setInterval(tick, 1000);
setTimeout(ask, EVERY);
