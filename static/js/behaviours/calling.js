// Keys for people who ring at a desk: data-key="n" presses a button, chooses an answer, opens or
// shuts a fold, or with data-focuses only goes there. Keys are off while somebody types, and for
// whoever turned them off. It sits once in the frame of the screen and hears the whole page.

let hears = false;

export default function calling() {
  if (hears) return;
  hears = true;
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.repeat) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") press("ctrl+enter", event);
      return;
    }
    if (document.body.classList.contains("keys-off") || isTyping(event.target)) return;
    press(event.key.toLowerCase(), event);
  });
}

function press(key, event) {
  const found = [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && !element.disabled && !element.hidden,
  );
  if (!found) return;
  event.preventDefault();
  if (found.matches("summary")) {
    found.parentElement.open = !found.parentElement.open;
    found.focus();
    return;
  }
  found.closest("details:not([open])")?.setAttribute("open", "");
  found.focus();
  if (!("focuses" in found.dataset)) found.click();
}

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}
