// A number of the projector that has changed counts up to what it is now; a row of dots lets its new
// ones pop. What stood there before is remembered by data-moves, as the part itself was swapped.

const STEP_MS = 40;
const STEPS = 15;
const stood = new Map();

export default function moves(element) {
  const key = element.dataset.moves;
  const dots = [...element.querySelectorAll("i.on")];
  const now = dots.length || Number(element.textContent) || 0;
  const before = stood.get(key);
  stood.set(key, now);
  if (before === undefined || before === now || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  if (element.querySelector("i")) dots.slice(before).forEach((dot) => dot.classList.add("new"));
  else count(element, before, now);
}

function count(element, from, to) {
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    const done = step >= STEPS || !element.isConnected;
    element.textContent = done ? to : Math.round(from + ((to - from) * step) / STEPS);
    if (done) clearInterval(timer);
  }, STEP_MS);
}
