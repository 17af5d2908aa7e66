// The player of a recording: waveform, seeking, speed, marks, places of figures. One per [data-player].
import { copied } from "../huiyin/copying.js";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const $$ = (q, root = document) => [...root.querySelectorAll(q)];
const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
export const clock = (s) => {
  const whole = Math.max(0, Math.floor(s)), h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60;
  const short = `${String(m).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return h ? `${h}:${short}` : short;
};
const round = (s) => String(Math.round(s * 100) / 100);
export const players = new Map();

export class Player {
  constructor(root) {
    this.root = root;
    this.sound = root.querySelector("[data-sound]");
    this.wave = root.querySelector("[data-wave]");
    this.page = root.closest(".rec") || root;
    this.data = { peaks: [], speech: [], places: {}, quotes: [], names: [], agent: 0 };
    this.seconds = 0;
    this.span = null; // what is selected
    this.until = null; // where playing stops by itself
    this.walk = { name: "", at: -1 };
    this.wire();
    this.ready = this.load();
  }

  async load() {
    const answer = await fetch(this.root.dataset.url, { headers: { "X-Background": "1" } }).catch(() => null);
    if (answer?.ok) this.data = await answer.json();
    this.seconds = this.data.seconds || (Number.isFinite(this.sound.duration) ? this.sound.duration : 0);
    this.told();
    this.draw();
    this.root.dispatchEvent(new CustomEvent("recording-ready", { bubbles: true, detail: this }));
    if (this.page !== this.root) this.fromHash();
    this.root.dataset.ready = "1";
  }

  wire() {
    const { sound, root } = this;
    root.querySelector("[data-play]").addEventListener("click", () => this.toggle());
    $$("[data-step]", root).forEach((b) => b.addEventListener("click", () => this.step(Number(b.dataset.step))));
    root.querySelector("[data-speed]").addEventListener("change", (e) => { sound.playbackRate = Number(e.target.value); });
    $$("[data-mark]", root).forEach((b) => b.addEventListener("click", () => this.mark(b.dataset.mark)));
    sound.addEventListener("loadedmetadata", () => { if (!this.seconds && Number.isFinite(sound.duration)) { this.seconds = sound.duration; this.told(); this.draw(); } });
    sound.addEventListener("error", () => this.fault(root.dataset.wordUnplayable));
    for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, () => this.playing());
    sound.addEventListener("seeked", () => this.moved());
    sound.addEventListener("timeupdate", () => this.moved());
    this.selecting();
    this.wave.addEventListener("keydown", (e) => { if (this.page === root) this.key(e); });
    addEventListener("resize", () => this.draw());
    document.addEventListener("theme-changed", () => this.draw());
  }

  fault(text) { const line = this.root.querySelector("[data-fault]"); line.textContent = text; line.hidden = false; }
  get now() { return this.sound.currentTime; }
  toggle() { if (this.sound.paused) { this.until = null; this.sound.play().catch(() => {}); } else this.sound.pause(); }
  step(by) { this.seek(this.now + by); }
  seek(to) { this.until = null; this.sound.currentTime = Math.min(Math.max(0, to), this.seconds || to); this.moved(); }
  play(begin, end = null) { this.seek(begin); this.until = end; this.sound.play().catch(() => {}); }
  faster(by) {
    const at = SPEEDS.indexOf(this.sound.playbackRate) < 0 ? 1 : SPEEDS.indexOf(this.sound.playbackRate);
    const speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))];
    this.sound.playbackRate = speed;
    this.root.querySelector("[data-speed]").value = String(speed);
  }
  mark(which) {
    const other = which === "begin" ? this.span?.[1] : this.span?.[0];
    const now = this.now;
    const span = which === "begin" ? [now, other > now ? other : Math.min(now + 1, this.seconds)] : [other < now ? other : Math.max(0, now - 1), now];
    this.select(...span);
  }
  select(begin, end) {
    this.span = [Math.max(0, Math.min(begin, end)), Math.min(this.seconds || end, Math.max(begin, end))];
    this.draw();
    this.page.dispatchEvent(new CustomEvent("span-selected", { detail: this.span }));
  }

  playing() {
    const on = !this.sound.paused && !this.sound.ended;
    this.root.querySelector("[data-when-playing]").hidden = !on;
    this.root.querySelector("[data-when-paused]").hidden = on;
    this.root.querySelector("[data-play]").setAttribute("aria-pressed", on);
    if (on && !this.frame) {
      const tick = () => { this.moved(); this.frame = this.sound.paused ? 0 : requestAnimationFrame(tick); };
      this.frame = requestAnimationFrame(tick);
    }
  }
  moved() {
    if (this.until !== null && this.now >= this.until) { this.until = null; this.sound.pause(); }
    this.told();
    this.draw();
    this.page.dispatchEvent(new CustomEvent("playhead", { detail: this.now }));
  }
  told() {
    this.root.querySelector("[data-now]").textContent = clock(this.now);
    if (this.seconds) this.root.querySelector("[data-whole]").textContent = clock(this.seconds);
    this.wave.setAttribute("aria-valuemax", Math.round(this.seconds));
    this.wave.setAttribute("aria-valuenow", Math.round(this.now));
    this.wave.setAttribute("aria-valuetext", `${clock(this.now)} / ${clock(this.seconds)}`);
  }

  // A click goes there, a drag selects.
  selecting() {
    let from = null, moved = false;
    const at = (e) => { const box = this.wave.getBoundingClientRect(); return Math.min(1, Math.max(0, (e.clientX - box.left) / box.width)) * this.seconds; };
    this.wave.addEventListener("pointerdown", (e) => { if (e.button) return; from = { x: e.clientX, t: at(e) }; moved = false; this.wave.setPointerCapture(e.pointerId); });
    this.wave.addEventListener("pointermove", (e) => {
      if (!from) return;
      if (Math.abs(e.clientX - from.x) > 4) moved = true;
      if (moved) this.select(from.t, at(e));
    });
    this.wave.addEventListener("pointerup", (e) => { if (from && !moved) this.seek(at(e)); else if (from) this.seek(this.span[0]); from = null; });
    this.wave.addEventListener("pointercancel", () => { from = null; });
  }

  key(e) {
    const acts = {
      " ": () => this.toggle(), ArrowLeft: () => this.step(-5), ArrowRight: () => this.step(5),
      ArrowUp: () => this.faster(1), ArrowDown: () => this.faster(-1), "[": () => this.mark("begin"), "]": () => this.mark("end"),
      Home: () => this.seek(0), End: () => this.seek(this.seconds),
    };
    if (e.ctrlKey || e.metaKey || e.altKey || !acts[e.key]) return;
    e.preventDefault();
    acts[e.key]();
  }

  fromHash() {
    const found = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(location.hash);
    if (!found) return;
    const begin = Number(found[1]), end = found[2] ? Number(found[2]) : null;
    if (end) this.select(begin, end);
    const go = () => this.seek(begin);
    if (this.sound.readyState) go(); else this.sound.addEventListener("loadedmetadata", go, { once: true });
  }

  // Places of a figure, one after the other with each click.
  walkTo(name) {
    const places = this.data.places[name] || [];
    const line = this.page.querySelector("[data-told]");
    if (!places.length) { line.textContent = this.root.dataset.wordNone; return; }
    const at = this.walk.name === name ? (this.walk.at + 1) % places.length : 0;
    this.walk = { name, at };
    const [begin, end, side] = places[at];
    this.select(begin, end);
    this.play(Math.max(0, begin - 0.5), end + 0.5);
    const who = typeof side === "number" && this.data.names[side] ? ` · ${this.data.names[side]}` : "";
    line.textContent = `${this.root.dataset.wordPlace.replace("{at}", at + 1).replace("{all}", places.length)} · ${clock(begin)}–${clock(end)}${who}`;
  }

  draw() {
    const { wave } = this, ratio = devicePixelRatio || 1;
    const wide = Math.max(1, wave.clientWidth), high = Math.max(1, wave.clientHeight);
    if (wave.width !== Math.round(wide * ratio)) wave.width = Math.round(wide * ratio);
    if (wave.height !== Math.round(high * ratio)) wave.height = Math.round(high * ratio);
    const ink = wave.getContext("2d");
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.clearRect(0, 0, wide, high);
    if (!this.seconds) return;
    const x = (t) => (t / this.seconds) * wide;
    const band = (spans, colour, strength) => { ink.globalAlpha = strength; ink.fillStyle = colour; spans.forEach(([a, b]) => ink.fillRect(x(a), 0, Math.max(1, x(b) - x(a)), high)); ink.globalAlpha = 1; };
    band(this.data.places.holds || [], css("--warn"), 0.13);
    band(this.data.quotes.map((q) => [q.begin, q.end]), css("--note-line"), 0.35);
    if (this.span) band([this.span], css("--brand"), 0.22);
    const lanes = this.data.peaks, most = Math.max(40, ...lanes.map((l) => Math.max(...l)));
    lanes.forEach((peaks, lane) => this.lane(ink, peaks, lane, lanes.length, most, wide, high));
    // What the telephone system said of holds: a line below the waveform.
    ink.fillStyle = css("--warn");
    (this.data.places.holds_told || []).forEach(([a, b]) => ink.fillRect(x(a), high - 4, Math.max(2, x(b) - x(a)), 4));
    this.watermark(ink, wide, high);
    if (this.span) { ink.fillStyle = css("--brand"); this.span.forEach((t) => ink.fillRect(x(t) - 1, 0, 2, high)); }
    ink.fillStyle = css("--s1");
    ink.fillRect(x(this.now) - 1, 0, 2, high);
  }
  lane(ink, peaks, lane, count, most, wide, high) {
    const middle = (high / count) * (lane + 0.5), reach = (high / count) * 0.46;
    const talk = css(count === 1 || lane === this.data.agent ? "--brand" : "--s3"), rest = css("--dim"), hold = css("--warn"), both = css("--s1");
    const within = (spans, t) => { let low = 0, top = spans.length - 1; while (low <= top) { const m = (low + top) >> 1; if (spans[m][1] <= t) low = m + 1; else if (spans[m][0] > t) top = m - 1; else return true; } return false; };
    const speech = this.data.speech[lane] || [], holds = this.data.places.holds || [], overlaps = this.data.places.overlaps || [];
    for (let column = 0; column < wide; column += 2) {
      const from = Math.floor((column / wide) * peaks.length), to = Math.max(from + 1, Math.floor(((column + 2) / wide) * peaks.length));
      let top = 0;
      for (let at = from; at < to && at < peaks.length; at += 1) top = Math.max(top, peaks[at]);
      const t = ((column + 1) / wide) * this.seconds;
      ink.fillStyle = within(overlaps, t) ? both : within(speech, t) ? talk : within(holds, t) ? hold : rest;
      ink.globalAlpha = ink.fillStyle === rest ? 0.6 : 1;
      const tall = Math.max(1, (top / most) * reach);
      ink.fillRect(column, middle - tall, 1.4, tall * 2);
    }
    ink.globalAlpha = 1;
    ink.fillStyle = css("--dim");
    ink.font = `12px ${css("--font")}`;
    if (count > 1) ink.fillText(this.data.names[lane] || "", 6, (high / count) * lane + 14);
  }
  watermark(ink, wide, high) {
    ink.save();
    ink.globalAlpha = 0.13;
    ink.fillStyle = css("--ink");
    ink.font = `13px ${css("--font")}`;
    ink.rotate(-0.2);
    const text = this.root.dataset.reader, step = ink.measureText(text).width + 60;
    for (let row = 0, y = 10; y < high + wide * 0.25; y += 46, row += 1) for (let at = -((row % 2) * step) / 2 - 40; at < wide + 40; at += step) ink.fillText(text, at, y);
    ink.restore();
  }
}

function begin(root) {
  $$("[data-player]", root).concat(root.matches?.("[data-player]") ? [root] : []).forEach((one) => { if (!players.has(one)) players.set(one, new Player(one)); });
}
document.body.addEventListener("htmx:load", (e) => begin(e.target));
begin(document);

// The whole page: keys everywhere but where one types; figures, quotes and lines play their places.
const whole = document.querySelector(".rec");
const main = whole && players.get(whole.querySelector("[data-player]"));
if (main) {
  const typing = (el) => el.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (e) => {
    if (e.isComposing || typing(e.target) || document.querySelector("dialog[open]")) return;
    if (e.key === " " && e.target.closest("button, a, summary")) return;
    main.key(e);
  });
  addEventListener("hashchange", () => main.fromHash());
  whole.addEventListener("click", (e) => {
    const places = e.target.closest("[data-places]");
    if (places) { $$("[data-places]", whole).forEach((b) => b.classList.toggle("is-on", b === places)); main.walkTo(places.dataset.places); return; }
    const span = e.target.closest("[data-play-span]");
    if (span) { e.preventDefault(); const [a, b] = span.dataset.playSpan.split(",").map(Number); main.select(a, b); main.play(a, b); return; }
    if (e.target.closest("[data-play-selected]") && main.span) main.play(...main.span);
    if (e.target.closest("[data-copy-link]") && main.span) copyLink();
  });
  const form = whole.querySelector("[data-quoting]");
  whole.addEventListener("span-selected", (e) => {
    if (!form) return;
    const [a, b] = e.detail.map((t) => Math.round(t * 100) / 100), shown = `${clock(a)}–${clock(Math.max(Math.ceil(b), Math.floor(a) + 1))}`;
    form.elements.begin.value = round(a);
    form.elements.end.value = round(b);
    form.querySelector("[data-span]").textContent = shown;
    form.querySelector("[data-place]").textContent = shown;
    $$("[data-needs-span], [data-play-selected]", form).forEach((one) => { one.disabled = false; });
  });
  document.body.addEventListener("complaint-changed", () => { if (form) form.elements.words.value = ""; main.load(); });
  async function copyLink() {
    const link = `${location.origin}${main.root.dataset.page}#t=${round(main.span[0])},${round(main.span[1])}`;
    history.replaceState(null, "", link);
    await copied(link);
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: main.root.dataset.wordCopied, kind: "good" } }));
  }
  // The curves follow the playhead; a click on them goes there.
  const curves = whole.querySelector("[data-curves]"), line = whole.querySelector("[data-at]");
  if (curves) {
    const LEFT = 52, RIGHT = 8;
    const place = () => { if (!main.seconds) return; line.hidden = false; line.style.left = `${LEFT + (main.now / main.seconds) * (curves.clientWidth - LEFT - RIGHT)}px`; };
    whole.addEventListener("playhead", place);
    curves.addEventListener("click", (e) => {
      const box = curves.getBoundingClientRect(), share = (e.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
      if (share >= 0 && share <= 1) main.seek(share * main.seconds);
    });
  }
}
