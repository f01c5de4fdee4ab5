// While a finger, a mouse or the space bar is down, nothing moves under it: what would be replaced
// meanwhile is replaced once it is up and what it pressed has been heard.

const CLICK_MS = 400; // a finger is up before its click comes

export default function hand(element) {
  const held = new Map();
  let down = false;
  let later = 0;

  const press = () => {
    clearTimeout(later);
    down = true;
  };

  function free() {
    down = false;
    const acts = [...held.values()];
    held.clear();
    for (const act of acts) act();
  }

  const release = (after) => {
    if (!down) return;
    clearTimeout(later);
    later = setTimeout(free, after);
  };

  element.addEventListener("pointerdown", (event) => event.isPrimary && event.button === 0 && press());
  element.addEventListener("keydown", (event) => event.key === " " && event.target.matches("button, summary") && press());
  addEventListener("pointerup", (event) => release(event.pointerType === "mouse" ? 0 : CLICK_MS), true);
  for (const name of ["click", "keyup", "pointercancel", "contextmenu", "blur"]) addEventListener(name, () => release(0));

  // Does it now, or when the hand is up: of each kind what came last.
  return function whenFree(kind, act) {
    held.delete(kind);
    if (down) held.set(kind, act);
    else act();
  };
}
