// The door on a phone: a tap shows at once and goes through the queue, whatever the network does;
// every three seconds it asks what other devices have done. Without this script every button is a
// form of its own.

import queue from "./door_queue.js";
import view from "./door_view.js";

const EVERY_MS = 3000;
const HIDDEN_MS = 10000;
const WORDS = { came: "is here", did_not_come: "did not come", unknown: "is not ticked any more" };

export default function door(root) {
  const { page, event } = root.dataset;
  const one = (what) => root.querySelector(what);
  const shown = view(root);
  let { version, shape } = root.dataset;
  let base = figures(root.dataset);
  let served = shown.marks();
  let now = base;
  const added = new Map();
  let asks = 0;

  const taps = queue(event, { address: (to) => `${page}/${to}`, said });
  const show = () => (now = shown.show(base, served, taps.pending()));

  function figures({ here, inside, came_in: came, went_out: out, most }) {
    return { here: +here, inside: +inside, came_in: +came, went_out: +out, most: most == null ? null : +most };
  }

  function said({ kind, tap, told, sentence }) {
    if (kind === "offline" || kind === "online") one("[data-offline]").hidden = kind === "online";
    if (kind === "signed-out") one("[data-signed-out]").hidden = false;
    if (kind === "sent") settle(tap, told);
    if (kind === "refused") shown.refuse(sentence, tap);
    show();
    if ((kind === "sent" || kind === "refused") && taps.pending().length === 0) ask();
  }

  function settle(tap, told) {
    if (tap.mark && told.attendance) served.set(tap.to, told.attendance);
    if (!tap.name) return;
    added.set(tap.nonce, told.rsvp);
    if (tap.undone) taps.add({ to: told.rsvp, mark: "unknown" });
  }

  root.addEventListener("submit", (sent) => {
    const [form, button] = [sent.target, sent.submitter];
    const act = button?.hasAttribute("data-tap") ? mark : { count, "walk-in": walkIn }[form.dataset.taps];
    if (!act) return;
    sent.preventDefault();
    one("[data-refused]").replaceChildren();
    act(button, form);
    show();
  });

  function mark(button) {
    const line = button.closest("[data-rsvp]");
    const [to, before] = [line.dataset.rsvp, line.dataset.attendance];
    const over = now.most !== null && now.inside + Number(line.dataset.party) > now.most;
    if (button.value === before) return;
    if (button.value === "came" && over) {
      shown.refuse("the room is full. Wait until somebody has gone out.", { to });
      return;
    }
    taps.add({ to, mark: button.value });
    shown.toast(`${line.querySelector("[data-name]").textContent} ${WORDS[button.value]}.`, () => {
      taps.add({ to, mark: before });
      show();
    });
  }

  function count(button, form) {
    const [of, last, back] = [form.elements.of, one("[data-last]"), button.value === "back"];
    if (back) taps.add({ to: "count", count: "back", of: of.value, was: last.textContent.split(",")[0] });
    else of.value = taps.add({ to: "count", count: button.value }).nonce;
    last.textContent = back ? "" : `${button.value}, ${shown.clock(8)}`;
    one(".key-undo").disabled = back;
  }

  function walkIn(_button, form) {
    const { name, email, shift } = form.elements;
    const words = name.value.trim();
    if (words.length < 2) return;
    const tap = taps.add({ to: "walk-in", name: words, shift: shift?.value ?? "" }, email.value.trim());
    shown.toast(`${words} is here.`, () => {
      if (added.has(tap.nonce)) taps.add({ to: added.get(tap.nonce), mark: "unknown" });
      else taps.takeBack(tap.nonce);
      show();
    });
    name.value = email.value = "";
    name.focus();
  }

  async function ask() {
    const mine = ++asks;
    try {
      const answer = await fetch(`${page}/state?v=${version}`, { headers: { Accept: "application/json" } });
      one("[data-offline]").hidden = true;
      if (answer.status === 401) one("[data-signed-out]").hidden = false;
      if (answer.status !== 200) return;
      const told = await answer.json();
      if (mine !== asks) return; // Asked before a tap was sent: the next answer knows of it.
      if (told.shape !== shape) {
        const fresh = await fetch(page);
        if (!shown.swap(await fresh.text())) return;
      }
      [version, shape, base, served] = [told.version, told.shape, figures(told), new Map(Object.entries(told.marks))];
      show();
    } catch {
      one("[data-offline]").hidden = false;
    }
  }

  async function round() {
    if (!root.isConnected) return;
    await ask();
    taps.send();
    setTimeout(round, document.hidden ? HIDDEN_MS : EVERY_MS);
  }

  root.querySelectorAll("[data-scripted]").forEach((part) => (part.hidden = false));
  show();
  taps.send();
  setTimeout(round, EVERY_MS);
}
