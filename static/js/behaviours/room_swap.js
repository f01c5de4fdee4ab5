// Swaps the parts of a page of the room that are marked data-live, and leaves what somebody holds
// where they hold it: the line under a finger, an opened part, the button that has the focus, and
// what they typed and have not sent yet.

const LABEL = (one) => one.getAttribute("aria-label") || one.textContent.trim();
const KEY = (one) => [one.tagName, one.name, one.value, one.form?.action, one.getAttribute("href")].join(" ");

const CHOICES = ["radio", "checkbox"];
const UNTYPED = ["hidden", "submit", "button", "search", "file"];
const sent = new WeakMap();

// A field as it is, and as the server sent it.
const state = (one) => (CHOICES.includes(one.type) ? one.checked : one.value);
function served(one) {
  if (CHOICES.includes(one.type)) return one.defaultChecked;
  return one.options ? ([...one.options].find(({ defaultSelected }) => defaultSelected) ?? one.options[0])?.value : one.defaultValue;
}

// A form whose taps are sent one by one has no choice that waits.
const fields = (part) =>
  [...part.querySelectorAll("input, textarea, select")].filter(
    (one) => one.name && !UNTYPED.includes(one.type) && !(CHOICES.includes(one.type) && one.closest("form[data-taps]")),
  );
export const unsent = (part) => fields(part).filter((one) => state(one) !== served(one) && state(one) !== sent.get(one));
export const send = (form) => fields(form).forEach((one) => sent.set(one, state(one)));

// Put back where the server shows what it showed before: the same field of the same step.
function carry(typed, other) {
  const place = (one) => [one.name, CHOICES.includes(one.type) && one.value, one.form?.action, one.form?.elements.step?.value].join(" ");
  const into = new Map(typed.length && other ? fields(other).map((one) => [place(one), one]) : []);
  for (const one of typed) {
    const now = into.get(place(one));
    if (now && state(now) === served(one)) now[CHOICES.includes(one.type) ? "checked" : "value"] = state(one);
  }
}

// What is done above a list moves none of its lines on the screen.
export function steady(element, act) {
  const seen = [];
  for (const line of element.querySelectorAll("[data-find][id]")) {
    const { top, bottom } = line.getBoundingClientRect();
    if (top >= innerHeight) break;
    if (bottom > 0 && !line.hidden) seen.push([line.id, top]);
  }
  act();
  const [id, was] = seen.find(([one]) => document.getElementById(one)?.getClientRects().length) ?? [];
  if (!id) return;
  const moved = () => document.getElementById(id).getBoundingClientRect().top - was;
  scrollBy({ top: moved(), behavior: "instant" });
  if (moved() < 1) return;
  // A list that ends on the screen has nothing to scroll: so it gets as much.
  element.style.paddingBlockEnd = `${parseFloat(getComputedStyle(element).paddingBlockEnd) + moved()}px`;
  scrollBy({ top: moved(), behavior: "instant" });
}

export function swapParts(element, fresh) {
  for (const part of element.querySelectorAll("[data-live][id]")) {
    const other = fresh.getElementById(part.id);
    if (other && part.innerHTML !== other.innerHTML) put(element, part, other, () => part.replaceWith(other));
  }
}

// Puts one in the place of another, and what is held and opened there is so afterwards.
export function put(element, part, other, act) {
  const held = part?.contains(document.activeElement) ? document.activeElement : null;
  const by = held && { key: KEY(held), label: LABEL(held), keyboard: held.matches(":focus-visible") };
  const open = [...(part?.querySelectorAll("details") ?? [])].map((one) => one.open);
  const line = held?.closest("[data-find]")?.id;
  const typed = part ? unsent(part) : [];
  act();
  carry(typed, other);
  other?.querySelectorAll("details").forEach((one, at) => (one.open ||= open[at] ?? false));
  if (held) (same(other, held, by) ?? near(element, line, by) ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

// The same one, not one that is only called the same: two people may have one name.
function same(part, held, { key, label }) {
  const all = [...(part?.querySelectorAll("button, a, input, summary") ?? [])].filter((one) => KEY(one) === key);
  return all.find((one) => LABEL(one) === label) ?? (held.name && held.value ? all[0] : undefined);
}

// Whoever was found by typing is done: the next one is typed. A finger opens no keyboard.
function near(element, line, { keyboard }) {
  const field = keyboard ? element.querySelector("[data-finder] input") : null;
  if (field?.value) return field;
  return (line && document.getElementById(line)?.querySelector("button")) || field;
}
