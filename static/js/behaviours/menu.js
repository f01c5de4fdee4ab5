// Shuts a details menu on Escape (focus goes back to it) and on a tap beside it.

export default function menu(details) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    if (details.contains(document.activeElement)) details.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
}
