// What a phone in the room sends, one after the other in the order of the finger. Each tap has a
// mark of its own, so that the server does it once however often it comes. A tap that finds no
// connection waits on this device and outlives the page; what somebody typed waits in the page
// alone: no name, number or idea is left in a browser.

import newNonce from "./nonce.js";

const AGAIN_MS = 3000;
const TRIES = 20;
const SLOW_MS = 2000;
const LONG = 32000; // more than that outlives no page
const OLD_MS = 12 * 3600 * 1000;
const CHOSEN = ["hidden", "radio", "checkbox", "submit", "button"];

// Of one page. A form that keeps itself goes before the tap that came after it, and waits for one
// that is on its way.
export const page = { keeping: undefined, isBusy: () => false };

function attempt(act) {
  try {
    return act();
  } catch {
    return undefined; // No storage here: taps wait in the page.
  }
}

export default function outbox(room, { offline, answered, headers }) {
  const prefix = `room:${room}:`;
  const waiting = [];
  let busy = false;
  let stuck = false;
  let latest = 0;
  let made = 0;
  let token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  function restore() {
    const kept = [];
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("room:"))) {
      const tap = attempt(() => JSON.parse(localStorage.getItem(key)));
      if (!tap || Date.now() - tap.at > OLD_MS) localStorage.removeItem(key);
      else if (key.startsWith(prefix)) kept.push({ ...tap, kept: true });
    }
    waiting.push(...kept.sort((a, b) => a.at - b.at));
    latest = waiting.at(-1)?.at ?? 0;
  }

  function add(form, fields) {
    const typed = [...form.elements].some((one) => one.name && fields.get(one.name) && !CHOSEN.includes(one.type));
    // None before the last, whatever is done to the clock of this device.
    latest = Math.max(Date.now(), latest + 1);
    made += 1;
    const tap = { mark: newNonce(), to: new URL(form.action).pathname, at: latest };
    tap.fields = [...fields].filter(([name]) => name !== "csrf_token");
    waiting.push(tap);
    if (room && !typed) attempt(() => keep(tap));
    flow();
  }

  function keep(tap) {
    localStorage.setItem(prefix + tap.mark, JSON.stringify(tap));
    tap.kept = true;
  }

  function drop(tap) {
    if (waiting[0] === tap) waiting.shift();
    attempt(() => localStorage.removeItem(prefix + tap.mark));
  }

  function post(tap) {
    const body = new URLSearchParams([...tap.fields, ["tap_mark", tap.mark], ["csrf_token", token]]);
    return fetch(tap.to, { method: "POST", body, headers: headers(), keepalive: `${body}`.length < LONG });
  }

  // The form was of a page that has grown old: its successor has a token that holds.
  async function renew() {
    const answer = await fetch(location.href);
    if (answer.status >= 500) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector('meta[name="csrf-token"]')?.content ?? token;
    const changed = next !== token;
    token = next;
    return changed;
  }

  async function flow() {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const tap = waiting[0];
      try {
        await page.keeping;
        let answer = await post(tap);
        if (answer.status === 400 && (await renew())) answer = await post(tap);
        tap.tries = (tap.tries ?? 0) + 1;
        if (answer.status >= 500 && tap.tries < TRIES) throw new Error(String(answer.status));
        const text = await answer.text();
        stuck = false;
        offline(false);
        drop(tap);
        await answered(answer, text, tap);
      } catch {
        stuck = true;
        offline(true);
        setTimeout(flow, AGAIN_MS);
        break;
      }
    }
    busy = false;
  }

  // One tap on its way outlives its page. What waits in the page alone is asked about.
  function wouldBeLost() {
    const here = waiting.filter((tap) => !tap.kept);
    return here.length > 1 || (here.length === 1 && (stuck || !navigator.onLine || Date.now() - here[0].at > SLOW_MS));
  }

  attempt(restore);
  addEventListener("beforeunload", (event) => wouldBeLost() && event.preventDefault());
  addEventListener("online", flow);
  if (waiting.length) flow();
  page.isBusy = () => busy || waiting.length > 0;
  return { add, made: () => made, isBusy: page.isBusy };
}
