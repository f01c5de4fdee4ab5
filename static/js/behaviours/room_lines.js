// The list at the door, followed by what changes alone. A page says by digests which of its parts
// and groups of lines it shows, and the answer holds those that are others by now. A group and its
// digest change together: whatever is answered late, the page never takes itself for newer than it is.

import { put } from "./room_swap.js";

const PARTS = 4; // stand before the groups: rules/changes.py
const ROUNDS = 5; // of asking: a sign-up, or one that was cancelled, is no change of the room

// Where it cannot be put in, whole() fetches the page as it is.
export default function lines(element, whole) {
  let round = 0;
  const list = () => element.querySelector("[data-holds]");
  const holds = () => list()?.dataset.holds ?? "";

  const headers = () => (holds() ? { "Door-Holds": holds() } : {});
  const isDue = () => holds() !== "" && ++round % ROUNDS === 0;

  function take(fresh) {
    const told = fresh.querySelector("[data-changed]");
    if (!told || !list()) return;
    const changed = new Map(told.dataset.changed.trim().split(" ").map((one) => one.split(":")));
    const held = holds().split(" ");
    leave(fresh, new Set([...changed.keys()].map((at) => at - PARTS)), held.length - PARTS);
    const done = [...told.querySelectorAll("[data-lines]")].every((part) => enter(document.getElementById(part.dataset.lines), part));
    for (const [at, digest] of changed) held[at] = digest;
    list().dataset.holds = done ? held.join(" ") : "";
    if (!done) whole();
  }

  // Who is in a group that came anew, and is not in it any more.
  function leave(fresh, groups, many) {
    for (const line of list().querySelectorAll("[data-find]")) {
      const ticket = Number(line.dataset.find.split(" ").pop());
      if (groups.has(ticket % many) && !fresh.getElementById(line.id)) put(element, line, null, () => line.remove());
    }
  }

  // Each behind whom it stands; in their order, so whoever that is stands there already.
  function enter(into, part) {
    for (const line of [...part.children]) {
      const { after } = line.dataset;
      const before = after ? document.getElementById(`r-${after}`) : null;
      if (!into || (after && before?.parentElement !== into)) return false;
      const old = document.getElementById(line.id);
      delete line.dataset.after;
      put(element, old, line, () => {
        old?.remove();
        if (before) before.after(line);
        else into.prepend(line);
      });
    }
    return true;
  }

  return { headers, isDue, take };
}
