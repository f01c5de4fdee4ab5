// Tells, unseen, that a number is being rung: its link was tapped, or it was copied. It goes off
// although the page leaves, and once more when a lost connection is back. A link that a script
// pressed was told with the number.

export default function dial(element) {
  element.addEventListener("click", (event) => {
    if (element.matches("a") && !event.isTrusted) return;
    tell(element.dataset.dial);
  });
}

async function tell(address) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    await fetch(address, { method: "POST", headers, keepalive: true });
  } catch {
    addEventListener("online", () => tell(address), { once: true });
  }
}
