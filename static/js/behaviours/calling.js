// Keys for people who ring at a desk: data-key="n" presses a button, chooses an answer or opens a
// fold. Keys are off while somebody types.

export default function calling(root) {
  document.addEventListener("keydown", (event) => {
    if (!root.isConnected || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key === "Enter") press(root, "ctrl+enter", event);
      return;
    }
    if (isTyping(event.target)) return;
    press(root, event.key.toLowerCase(), event);
  });
}

function press(root, key, event) {
  const own = root.dataset.key === key ? [root] : [];
  const found = [...own, ...root.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && !element.disabled,
  );
  if (!found) return;
  event.preventDefault();
  found.closest("details:not([open])")?.setAttribute("open", "");
  found.focus();
  found.click();
}

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}
