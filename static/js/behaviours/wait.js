// Counts the seconds in its words down, then sends the form that data-for names. Whoever sends it
// before, or goes elsewhere, is not sent twice.

export default function wait(element) {
  const form = document.getElementById(element.dataset.for);
  let left = parseInt(element.textContent, 10);
  const clock = setInterval(() => {
    if (!element.isConnected) return clearInterval(clock);
    left -= 1;
    element.textContent = `${Math.max(left, 0)} s`;
    if (left > 0) return;
    clearInterval(clock);
    form.requestSubmit();
  }, 1000);
  form.addEventListener("submit", () => clearInterval(clock));
}
