// What needs an ear: a tone, the title of the page, and a notification of the system where the
// person allowed it. Told once, on whichever of his pages comes first; its words name nobody.
const SILENT = "huiyin-silent"; // in this browser
const HEARD = "huiyin-heard"; // what was told lately, on all pages
const LATELY = 40;
let context = null, title = "";

export const isSilent = () => localStorage.getItem(SILENT) === "1";
export function setSilent(silent) { silent ? localStorage.setItem(SILENT, "1") : localStorage.removeItem(SILENT); }

// Before a person has touched the page browsers allow no sound; then the title says it alone.
function tone() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  for (const [at, pitch] of [[0, 880], [0.18, 1175]]) {
    const voice = context.createOscillator(), loud = context.createGain();
    const begins = context.currentTime + at;
    voice.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, begins);
    loud.gain.exponentialRampToValueAtTime(0.18, begins + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, begins + 0.16);
    voice.connect(loud).connect(context.destination);
    voice.start(begins);
    voice.stop(begins + 0.17);
  }
}

// `key` names what happened: whoever tells it again is not heard.
export function ring(key, text) {
  const heard = (localStorage.getItem(HEARD) || "").split("\n");
  if (heard.includes(key)) return;
  localStorage.setItem(HEARD, [...heard, key].slice(-LATELY).join("\n"));
  if (document.hidden) {
    title ||= document.title;
    document.title = `● ${text}`;
    if (window.Notification?.permission === "granted") {
      const shown = new Notification(text, { tag: key });
      shown.onclick = () => { window.focus(); shown.close(); };
    }
  }
  if (!isSilent()) tone();
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !title) return;
  document.title = title;
  title = "";
});

// The menu of the person: sound on and off; the system is asked the first time it is turned on.
function show() {
  const item = document.querySelector("[data-tones]");
  if (!item) return;
  item.setAttribute("aria-checked", String(!isSilent()));
  item.querySelector("[data-tones-told]").textContent = isSilent() ? item.dataset.off : item.dataset.on;
}
document.addEventListener("click", (e) => {
  if (!e.target.closest("[data-tones]")) return;
  setSilent(!isSilent());
  show();
  if (isSilent()) return;
  tone();
  if (window.Notification?.permission === "default") Notification.requestPermission();
});
show();
