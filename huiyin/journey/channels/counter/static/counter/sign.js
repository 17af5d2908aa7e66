// A signature on the screen: strokes of pointer events, 3000 wide and 1000 high. The picture that is
// kept is drawn on the server from these numbers; what is seen here is only for the hand.
const form = document.querySelector("[data-sign]");
const pad = form.querySelector("[data-pad]"), canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d");
const WIDTH = 3000, HEIGHT = 1000, MOST = 15000;
let strokes = [], stroke = null, count = 0;

function place(event) {
  const box = canvas.getBoundingClientRect();
  const x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
  const y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
  return [Math.min(Math.max(x, 0), WIDTH), Math.min(Math.max(y, 0), HEIGHT)];
}
function draw() {
  const scale = canvas.width / WIDTH;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#16181d";
  for (const one of strokes) {
    pen.beginPath();
    pen.moveTo(one[0][0] * scale, one[0][1] * scale);
    for (let at = 1; at < one.length - 1; at++) {
      const [x, y] = one[at], [nextX, nextY] = one[at + 1];
      pen.quadraticCurveTo(x * scale, y * scale, ((x + nextX) / 2) * scale, ((y + nextY) / 2) * scale);
    }
    const last = one[one.length - 1];
    pen.lineTo(last[0] * scale + 0.1, last[1] * scale);
    pen.stroke();
  }
  pad.classList.toggle("is-signed", strokes.length > 0);
}
canvas.addEventListener("pointerdown", (e) => {
  if (!e.isPrimary || count > MOST) return;
  e.preventDefault();
  canvas.setPointerCapture(e.pointerId);
  stroke = [place(e)];
  strokes.push(stroke);
  draw();
});
canvas.addEventListener("pointermove", (e) => {
  if (!stroke || !e.isPrimary) return;
  for (const one of e.getCoalescedEvents?.().length ? e.getCoalescedEvents() : [e]) {
    const [x, y] = place(one), last = stroke[stroke.length - 1];
    if (Math.abs(x - last[0]) + Math.abs(y - last[1]) < 8 || count > MOST) continue;
    stroke.push([x, y]);
    count += 1;
  }
  draw();
});
const lift = () => { stroke = null; };
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);
form.querySelector("[data-clear]").addEventListener("click", () => { strokes = []; count = 0; draw(); });
form.addEventListener("submit", () => {
  form.elements.strokes.value = strokes.length ? JSON.stringify(strokes) : "";
  form.querySelector("[data-main]").disabled = true;
});
addEventListener("pageshow", () => { form.querySelector("[data-main]").disabled = false; });

pad.classList.add("is-ready");

// What is missing is seen at once, wherever on the page the button was pressed.
const fault = document.querySelector("[data-fault]");
fault?.scrollIntoView({ block: "center" });
fault?.focus({ preventScroll: true });
