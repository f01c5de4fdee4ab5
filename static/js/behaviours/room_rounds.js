// Asks every few seconds, more seldom where nobody looks, and at once when somebody comes back: to
// the page, or to the one that the browser has kept behind another.

const HIDDEN_MS = 10000;

export default function rounds(element, ask, { isGone, isBack }) {
  let next = 0;
  const wait = () => (document.hidden ? HIDDEN_MS : Number(element.dataset.every ?? 4000) * (0.75 + Math.random() / 2));
  const after = (ms) => {
    clearTimeout(next);
    next = setTimeout(round, ms);
  };

  async function round() {
    if (isGone() || !element.isConnected) return;
    await ask();
    after(wait());
  }

  after(wait());
  document.addEventListener("visibilitychange", () => document.hidden || isGone() || ask());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isBack();
    after(0);
  });
}
