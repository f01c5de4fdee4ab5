// Copies a number and says so; focus stays on the button.

export default function copy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = "Copied";
    setTimeout(() => (words.textContent = before), 2000);
  });
}
