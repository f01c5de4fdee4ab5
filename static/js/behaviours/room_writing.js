// Whoever writes in a field keeps their page while they do. A cursor that was only left there keeps
// no phone behind when the room goes on.

const QUIET_MS = 15000; // so long after the last letter nobody is writing any more

// What is typed to find somebody is in no part that is swapped.
const FIELD = "input:focus:not([type=radio], [type=checkbox], [data-finder] *), textarea:focus";

export default function writing(element) {
  let typedAt = 0;
  element.addEventListener("input", () => (typedAt = Date.now()));
  return {
    isHeld: () => element.querySelector(FIELD) !== null,
    isIdle: () => Date.now() - typedAt > QUIET_MS,
  };
}
