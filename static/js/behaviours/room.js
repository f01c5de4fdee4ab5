// Keeps a page of the room as it is: asks every few seconds whether anything has changed (304 when
// not), fetches the page anew when it would look different, and swaps the parts marked data-live.
// A form is sent without leaving the page, by the outbox. Without this script the page reloads itself
// now and then.

import outbox from "./room_outbox.js";

const HIDDEN_MS = 10000;

export default function room(element) {
  const { state, every, whole, home } = element.dataset;
  let version = element.dataset.version;
  let shown = element.dataset.page ?? "";
  let gone = false;

  const go = (url) => {
    gone = true;
    location.assign(url);
  };

  const offline = (yes) => {
    const bar = element.querySelector("#offline");
    if (bar) bar.hidden = !yes;
  };

  function swap(text, url) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const next = fresh.querySelector("[data-behaviour~=room]");
    if (!next || next.dataset.phase !== element.dataset.phase) return go(url);
    // Who does not see the page hears where they sit now, and what the desk says.
    const told = document.getElementById("told");
    const word = fresh.getElementById("word")?.textContent ?? "";
    const news = document.title === fresh.title ? "" : fresh.title;
    const spoken = word === (document.getElementById("word")?.textContent ?? "") ? "" : word;
    if (told && (news || spoken)) told.textContent = `${news} ${spoken}`.trim();
    document.title = fresh.title;
    version = next.dataset.version;
    shown = next.dataset.page ?? "";
    for (const part of element.querySelectorAll("[data-live][id]")) {
      const other = fresh.getElementById(part.id);
      if (!other || part.innerHTML === other.innerHTML) continue;
      const held = part.contains(document.activeElement) ? document.activeElement : null;
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      const mark = held && (held.getAttribute("aria-label") || held.value || held.textContent);
      part.replaceWith(other);
      other.querySelectorAll("details").forEach((one, at) => (one.open ||= open[at] ?? false));
      if (mark) refocus(other, mark);
    }
    if (url !== location.href) history.replaceState(null, "", url);
  }

  function refocus(part, mark) {
    const all = [...part.querySelectorAll("button, a, input, summary")];
    const same = all.find((one) => [one.getAttribute("aria-label"), one.value, one.textContent].includes(mark));
    (same ?? document.getElementById("main"))?.focus({ preventScroll: true });
  }

  const typing = () =>
    element.querySelector("input:focus:not([type=radio], [type=checkbox]), textarea:focus");

  async function refresh() {
    const answer = await fetch(location.href);
    swap(await answer.text(), answer.url);
  }

  async function ask() {
    try {
      const asked = `${state}?v=${version}${shown && `&p=${shown}`}`;
      const answer = await fetch(asked, { headers: { Accept: "application/json" } });
      offline(false);
      if (answer.status !== 200 || taps.isBusy()) return;
      const told = await answer.json();
      // A page that does not know what it looks like is as new as its version.
      const changed = whole !== undefined || (shown ? told.page !== shown : told.version !== version);
      if (changed && typing()) return;
      // A page that is the same in every part of the evening names none.
      if (element.dataset.phase && told.phase !== element.dataset.phase) return go(home ?? location.href);
      if (changed) await refresh();
      // The desk and the screen show what is everybody's: they name no page and hear of all of it.
      if (whole === undefined) shown = told.page;
      version = told.version;
    } catch {
      offline(true);
    }
  }

  function answered(answer, text) {
    const ours = new URL(answer.url).pathname.startsWith("/m/");
    if (!ours) go(answer.url);
    else if (answer.ok || answer.status === 422 || answer.status === 409) showAnswer(answer, text);
    else go(location.href);
  }

  function showAnswer(answer, text) {
    if (text.includes("data-behaviour=\"room\"")) return swap(text, answer.redirected ? answer.url : location.href);
    // A refusal that has a page of its own: its sentence goes where one looks.
    const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    const said = (main?.querySelector(".lede") ?? main)?.textContent.trim().replace(/\s+/g, " ") ?? "";
    element.querySelector(".room-said.here")?.remove();
    const line = Object.assign(document.createElement("p"), { className: "room-said here", textContent: said });
    line.setAttribute("role", "alert");
    element.prepend(line);
  }

  element.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-plain")) return;
    event.preventDefault();
    taps.add(form, new FormData(form, event.submitter));
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
  const taps = outbox(whole === undefined ? state : "", { offline, answered });

  const wait = () => (document.hidden ? HIDDEN_MS : Number(every ?? 4000) * (0.75 + Math.random() / 2));
  const round = async () => {
    if (gone || !element.isConnected) return;
    await ask();
    setTimeout(round, wait());
  };
  setTimeout(round, wait());
  document.addEventListener("visibilitychange", () => document.hidden || gone || ask());
}
