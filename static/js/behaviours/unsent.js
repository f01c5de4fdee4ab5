// The badge in the bar of the calling screen. Wherever a caller comes back to it, what waits on
// this device is sent; a report that is pressed goes through the outbox, and what stands in a form
// is kept. Without this script the forms are sent as forms.

import { changed, claimOf, fieldsOf, restore, saveNow, stop } from "./call_draft.js";
import { add, again, begin, waiting } from "./call_outbox.js";
import { panel, say, show, showCount, showWaiting } from "./call_page.js";
import { seal } from "./call_seal.js";

const SLOW_MS = 4000;
let badge;
let listening = false;
let kind = "";
let slow = 0;

const theForm = () => document.querySelector('form[action$="/outcome"]');
const mine = () => ({ ...badge.dataset, token: document.querySelector('meta[name="csrf-token"]').content });

export default function unsent(element) {
  badge = element;
  kind = "";
  clearTimeout(slow);
  if (!listening) listen();
  const form = theForm();
  begin(mine(), told);
  if (waiting().length) kind = "sending";
  if (form && waiting().some((entry) => entry.claim === claimOf(form))) wait("sending");
  else if (form) resume(form);
  count();
}

async function resume(form) {
  await restore(form, mine());
  // Sent back to be mended: what stands there is nowhere else.
  if (form.querySelector(".errors")) changed(form, mine());
}

function listen() {
  listening = true;
  document.addEventListener("submit", (event) => (event.target === theForm() ? press(event) : stay(event)));
  for (const name of ["input", "change"])
    document.addEventListener(name, (event) => {
      const form = event.target.closest?.("form");
      if (form && form === theForm()) changed(form, mine());
    });
  document.addEventListener("click", (event) => event.target.closest("[data-again]") && again());
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) again();
    else if (theForm()) saveNow(theForm(), mine());
  });
}

// Every other form would lead to a page that the browser cannot fetch, and this one would be gone.
function stay(event) {
  if (navigator.onLine || event.defaultPrevented) return;
  event.preventDefault();
  say("You are offline, so nothing was changed. Try once more when you are back.");
  scrollTo(0, 0);
}

async function press(event) {
  event.preventDefault();
  const form = event.target;
  if (form.hasAttribute("aria-busy")) return;
  const { chosen, typed } = fieldsOf(form, event.submitter);
  stop();
  form.setAttribute("aria-busy", "true");
  const sealed = await seal(typed, badge.dataset.seal).catch(() => undefined);
  const name = document.querySelector("#main h1")?.textContent.trim() ?? "";
  const entry = { claim: claimOf(form), at: new Date().toISOString(), pressed: true, fields: chosen, sealed };
  slow = setTimeout(() => wait("slow"), SLOW_MS);
  add({ ...entry, typed, live: true, name, label: labelOf(form, event.submitter) });
}

// What they pressed or chose, in the words of the button.
function labelOf(form, submitter) {
  const chosen = form.querySelector("input[name=outcome]:checked")?.closest("label").querySelector("span");
  const once = submitter?.closest("details.never")?.querySelector("summary");
  const pressed = submitter?.name === "then" ? chosen : (once ?? submitter?.querySelector("span, bdi") ?? submitter);
  return [...((pressed ?? chosen)?.childNodes ?? [])]
    .filter((part) => part.nodeType === Node.TEXT_NODE)
    .map((part) => part.textContent.trim())
    .join("");
}

function told({ kind: what, text, url, sentence }) {
  if (what !== "queue") clearTimeout(slow);
  if (what === "page") {
    if (!show(text, url)) location.assign(url ?? badge.dataset.page);
  } else if (what === "stopped") location.assign(badge.dataset.home);
  else if (what === "offline" || what === "signed-out") wait(what);
  else if (what === "sent" || what === "refused") refresh(sentence);
  count();
}

// Only where somebody waits for it: one who has the next person in hand goes on, and sees the badge.
function wait(what) {
  kind = what;
  const form = theForm();
  const theirs = form && waiting().some((entry) => entry.claim === claimOf(form));
  if (theirs || panel()) showWaiting(what, waiting());
  count();
}

async function refresh(sentence) {
  const form = theForm();
  if (waiting().length && !sentence) return panel() && showWaiting(kind || "sending", waiting());
  try {
    if (panel() || form?.hasAttribute("aria-busy")) {
      const answer = await fetch(badge.dataset.page);
      if (!show(await answer.text(), new URL(answer.url).pathname)) return location.assign(answer.url);
    }
    if (sentence) say(sentence);
  } catch {
    location.reload();
  }
}

function count() {
  // An answer that comes soon needs no badge.
  showCount(badge, waiting(), kind === "");
}
