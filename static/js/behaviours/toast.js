// Hides a toast after data-seconds and counts them down; waits while it has the pointer or focus.

export default function toast(element) {
  let left = Number(element.dataset.seconds ?? 10);
  const shown = element.querySelector("[data-countdown]");
  const say = () => {
    if (shown) shown.textContent = `${left} s`;
  };
  say();
  const clock = setInterval(() => {
    if (element.matches(":hover, :focus-within")) return;
    left -= 1;
    say();
    if (left <= 0 || !element.isConnected) {
      clearInterval(clock);
      leave(element);
    }
  }, 1000);
}

function leave(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.classList.add("is-leaving");
  setTimeout(() => element.remove(), still ? 0 : 300);
}
