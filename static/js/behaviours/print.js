// A button that opens the browser's print; without scripts it stays hidden.

export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
