// Keeps a page of the room as it is: asks every few seconds whether anything has changed (304 when
// not), fetches the page anew when it would look different, and swaps the parts marked data-live.
// A form is sent without leaving the page, by the outbox. Without this script the page reloads itself
// now and then.

import hand from "./room_hand.js";
import lines from "./room_lines.js";
import outbox from "./room_outbox.js";
import rounds from "./room_rounds.js";
import said from "./room_said.js";
import { send, steady, swapParts } from "./room_swap.js";
import writing from "./room_writing.js";

export default function room(element) {
  const { state, whole, home } = element.dataset;
  let version = element.dataset.version;
  let shown = element.dataset.page ?? "";
  let gone = false;
  let later = 0;
  const whenFree = hand(element);
  const refusals = said(element);
  const pen = writing(element);
  const list = lines(element, () => refresh().catch(() => offline(true)));

  const go = (url) => {
    gone = true;
    location.assign(url);
  };

  const offline = (yes) => {
    const bar = element.querySelector("#offline");
    if (bar) whenFree("offline", () => bar.hidden === yes && steady(element, () => (bar.hidden = !yes)));
  };

  const swap = (text, url) => whenFree("swap", () => swapNow(text, url));

  function swapNow(text, url) {
    clearTimeout(later);
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const next = fresh.querySelector("[data-behaviour~=room]");
    if (!next || next.dataset.phase !== element.dataset.phase) return go(url);
    // Who does not see the page hears where they sit now, and what the desk says.
    const told = document.getElementById("told");
    const word = fresh.getElementById("word")?.textContent ?? "";
    const news = document.title === fresh.title ? "" : fresh.title;
    const spoken = word === (document.getElementById("word")?.textContent ?? "") ? "" : word;
    if (told && (news || spoken)) told.textContent = `${news} ${spoken}`.trim();
    document.title = fresh.title || document.title;
    version = next.dataset.version;
    shown = next.dataset.page ?? "";
    steady(element, () => {
      swapParts(element, fresh);
      list.take(fresh);
      element.dispatchEvent(new Event("door:fresh"));
    });
    if (url !== location.href) history.replaceState(null, "", url);
  }

  // Whether the page is as new as what was asked for.
  async function refresh() {
    const before = taps.made();
    const answer = await fetch(location.href, { headers: list.headers() });
    if (answer.status === 304) return true;
    const text = await answer.text();
    // A server that starts again has no page for us: this one stays, and asks once more.
    if (answer.status >= 500) throw new Error(String(answer.status));
    // Somebody has tapped since: what that leads to is not undone by what was so before.
    if (before !== taps.made()) [version, shown] = ["0", shown && "old"];
    else swap(text, answer.url);
    return before === taps.made();
  }

  // What all pages show has changed, and nothing of our own: not the whole hall fetches it at once.
  const soon = (seconds) => {
    clearTimeout(later);
    later = setTimeout(async () => {
      shown = "old";
      if (!gone && !pen.isHeld() && !taps.isBusy()) await refresh().catch(() => offline(true));
    }, Math.random() * seconds * 1000);
  };
  const own = (page) => page.split("-")[0];

  async function ask() {
    try {
      const asked = `${state}?v=${version}${shown && `&p=${shown}`}`;
      const answer = await fetch(asked, { headers: { Accept: "application/json" } });
      offline(false);
      if (taps.isBusy()) return;
      if (answer.status === 304 && list.isDue()) return await refresh();
      if (answer.status !== 200) return;
      const told = await answer.json();
      // A page that does not know what it looks like is as new as its version.
      const changed = whole !== undefined || (shown ? told.page !== shown : told.version !== version);
      // A page that is the same in every part of the evening names none.
      const moved = element.dataset.phase && told.phase !== element.dataset.phase;
      if (changed && pen.isHeld() && !(moved && whole === undefined && pen.isIdle())) return;
      if (moved) return go(home ?? location.href);
      const shared = whole === undefined && shown && told.spread && own(told.page) === own(shown);
      if (changed && shared) soon(told.spread);
      else if (changed && !(await refresh())) return;
      // The desk and the screen show what is everybody's: they name no page and hear of all of it.
      if (whole === undefined) shown = told.page;
      version = told.version;
    } catch {
      offline(true);
    }
  }

  function answered(answer, text, tap) {
    const ours = new URL(answer.url).pathname.startsWith("/m/");
    if (!ours) go(answer.url);
    else if (answer.status === 304) heard(tap, () => refusals.forget(tap));
    else if (answer.ok || [409, 422, 429].includes(answer.status)) showAnswer(answer, text, tap);
    else go(location.href);
  }

  // The tap is done, and the page shows what it led to.
  const heard = (tap, act) => whenFree(tap, () => (act(), element.dispatchEvent(new Event("door:fresh"))));

  function showAnswer(answer, text, tap) {
    if (/data-behaviour="room[ "]/.test(text)) {
      whenFree(tap, () => refusals.forget(tap));
      return swap(text, answer.redirected ? answer.url : location.href);
    }
    // A refusal that has a page of its own: its sentence goes where one looks.
    heard(tap, () => refusals.refuse(tap, text));
  }

  element.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-plain")) return;
    event.preventDefault();
    taps.add(form, new FormData(form, event.submitter));
    send(form);
  });
  element.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-taps]");
    if (!form || event.target.type !== "radio") return;
    // Only what was tapped: another phone may have changed the rest meanwhile.
    const body = new FormData();
    body.set(event.target.name, event.target.value);
    taps.add(form, body);
  });

  // What a phone tapped outlives its page; what the desk pressed was meant for that moment.
  const taps = outbox(whole === undefined ? state : "", { offline, answered, headers: list.headers });

  rounds(element, ask, { isGone: () => gone, isBack: () => (gone = false) });
}
