// Taps on their way to the server, one after the other in the order of the finger. A tap that finds
// no connection waits and is sent again; the server knows it by its nonce. Ticks wait in this
// device's storage, so that they outlive the page: sign-up, mark, time, nonce, and no name. The
// name of somebody new waits in this tab's storage and is wiped once it is sent; an email address
// is in the page's memory alone. A tick names the one before it about the same sign-up, so that it
// is the later one however slow the way of the first was.

import newNonce from "./nonce.js";

const AGAIN_MS = 3000;

export default function queue(event, { address, said }) {
  const prefix = `door:${event}:`;
  const taps = new Map();
  const last = new Map();
  let latest = 0;
  let busy = false;
  let stopped = false;
  let token = document.querySelector('meta[name="csrf-token"]').content;

  for (const store of [localStorage, sessionStorage]) attempt(() => read(store));
  pending().forEach(follows);

  function read(store) {
    for (const key of Object.keys(store).filter((one) => one.startsWith(prefix))) {
      const tap = JSON.parse(store.getItem(key));
      taps.set(tap.nonce, { ...tap, tried: true });
    }
  }

  function follows(tap) {
    latest = tap.at;
    if (tap.mark) last.set(tap.to, tap.nonce);
  }

  function attempt(act) {
    try {
      act();
    } catch {
      // No storage here: the taps wait in the page.
    }
  }

  function pending() {
    return [...taps.values()].sort((a, b) => a.at - b.at || (a.nonce < b.nonce ? -1 : 1));
  }

  // No two at once, and none before the last, whatever is done to the clock of this device.
  function add(tap, email) {
    const made = { nonce: newNonce(), at: Math.max(Date.now(), latest + 1), ...tap };
    if (tap.mark && last.has(tap.to)) made.after = last.get(tap.to);
    follows(made);
    taps.set(made.nonce, email ? { ...made, email } : made);
    keep(made);
    send();
    return made;
  }

  function keep(tap) {
    attempt(() => (tap.name ? sessionStorage : localStorage).setItem(prefix + tap.nonce, JSON.stringify(tap)));
  }

  // Somebody new who was a mistake. Where they may be on the server by now, they are taken back
  // once it has said so.
  function takeBack(nonce) {
    const tap = taps.get(nonce);
    if (!tap?.tried) return drop(nonce);
    tap.undone = true;
    const { email, ...kept } = tap;
    keep(kept);
  }

  function drop(nonce) {
    taps.delete(nonce);
    attempt(() => localStorage.removeItem(prefix + nonce));
    attempt(() => sessionStorage.removeItem(prefix + nonce));
  }

  async function post(tap) {
    const { at, to, tried, undone, ...fields } = tap;
    tap.tried = true;
    const body = new URLSearchParams({ ...fields, csrf_token: token, age: String(Math.max(0, Date.now() - at)) });
    return fetch(address(to), { method: "POST", body, headers: { Accept: "application/json" } });
  }

  // The form had grown too old, for instance after signing in again: its page has a new token.
  async function renew() {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector('meta[name="csrf-token"]')?.content;
    const changed = Boolean(next) && next !== token;
    token = next ?? token;
    return changed;
  }

  async function send() {
    if (busy || stopped) return;
    busy = true;
    said({ kind: "queue" });
    let wait = 0;
    while (taps.size && !wait && !stopped) wait = await next(pending()[0]);
    busy = false;
    said({ kind: "queue" });
    if (wait && !stopped) setTimeout(send, wait);
  }

  // How long to wait before the next; 0 goes on at once.
  async function next(tap) {
    try {
      const answer = await post(tap);
      if (answer.status === 401) {
        stopped = true;
        said({ kind: "signed-out" });
        return 0;
      }
      if (answer.status === 429 || answer.status >= 500) {
        said({ kind: "online" });
        return Number(answer.headers.get("Retry-After") ?? 0) * 1000 || AGAIN_MS;
      }
      if (answer.status === 400 && (await renew())) return 1;
      const told = await answer.json();
      drop(tap.nonce);
      said(answer.ok ? { kind: "sent", tap, told: told.tap } : { kind: "refused", tap, sentence: told.error });
      said({ kind: "online" });
      return 0;
    } catch {
      said({ kind: "offline" });
      return AGAIN_MS;
    }
  }

  addEventListener("online", send);
  return { add, takeBack, pending, send };
}
