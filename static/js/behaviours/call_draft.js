// What stands in the form of a call outlives the page: at each change it is kept on this device,
// what was typed sealed, and some seconds later on the site; then nothing is left here. An opinion
// that they have not agreed to is kept nowhere. The newest stands there again after a reload.

import { keep, kept, wipe } from "./call_store.js";
import { open, seal } from "./call_seal.js";

const EVERY_MS = 10000;
const CHOSEN = ["hidden", "radio", "checkbox", "submit", "button", "select-one", "datetime-local", "date", "time", "number"];
let timer = 0;
let latest = 0;

export const claimOf = (form) => form.getAttribute("action").match(/\/claims\/(\w+)\/outcome$/)?.[1];

// The fields of a form in their order: what was chosen, and what was typed.
export function fieldsOf(form, submitter) {
  const unsaid = new Set();
  for (const box of form.querySelectorAll('input[type=checkbox][name^="agreed-"]:not(:checked)'))
    unsaid.add(box.name.replace("agreed-", "answer-"));
  const typing = new Set([...form.elements].filter((one) => one.name && !CHOSEN.includes(one.type)).map((one) => one.name));
  const all = [...new FormData(form, submitter)].filter(([name, value]) => name !== "csrf_token" && value && !unsaid.has(name));
  const isTyped = ([name]) => typing.has(name) && !/^(outcome|then|switch)$/.test(name);
  return { chosen: all.filter((pair) => !isTyped(pair)), typed: all.filter(isTyped) };
}

export async function changed(form, mine) {
  const turn = ++latest;
  const { chosen, typed } = fieldsOf(form);
  const sealed = await seal(typed, mine.seal).catch(() => undefined);
  if (turn !== latest) return;
  keep(mine.who, { claim: claimOf(form), at: new Date().toISOString(), pressed: false, fields: chosen, sealed });
  timer ||= setTimeout(() => save(form, mine), EVERY_MS);
}

// Now, for instance because the page goes behind another: `keepalive` lets it end without us.
export function saveNow(form, mine) {
  if (timer) save(form, mine, { keepalive: true });
}

// The report itself goes off: nothing that is still on its way may come after it.
export function stop() {
  latest += 1;
  clearTimeout(timer);
  timer = 0;
}

async function save(form, mine, how = {}) {
  clearTimeout(timer);
  timer = 0;
  if (!form.isConnected) return;
  const turn = latest;
  const { chosen, typed } = fieldsOf(form);
  const body = new URLSearchParams([...chosen, ...typed]);
  body.set("csrf_token", form.elements.csrf_token.value);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(`/claims/${claimOf(form)}/draft`, { method: "POST", body, headers, ...how });
    // Where the call is over for good there is nothing to keep, either.
    if (turn === latest && (answer.ok || answer.status === 409)) wipe(mine.who, claimOf(form));
    else if (answer.status >= 500) timer ||= setTimeout(() => save(form, mine), EVERY_MS);
  } catch {
    timer ||= setTimeout(() => save(form, mine), EVERY_MS);
  }
}

// What this device knows and the site does not know yet.
export async function restore(form, mine) {
  const entry = kept(mine.who).find((one) => one.claim === claimOf(form) && !one.pressed);
  if (!entry) return;
  const typed = await open(entry.sealed, mine.seal).catch(() => []);
  const set = [...entry.fields, ...typed].flatMap(([name, value]) => put(form, name, value));
  for (const one of set) one.dispatchEvent(new Event("change", { bubbles: true }));
}

function put(form, name, value) {
  return [...form.elements].filter((one) => {
    if (one.name !== name || one.type === "hidden" || one.tagName === "BUTTON") return false;
    if (one.type === "radio" || one.type === "checkbox") {
      if (one.value !== value) return false;
      one.checked = true;
      const fold = one.closest("details");
      if (fold) fold.open = true;
    } else one.value = value;
    return true;
  });
}
