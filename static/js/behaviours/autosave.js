// A form that keeps itself: two seconds after the last letter it is sent, and says so. The button
// still sends it as usual, and without this script the button is what keeps it. One thing at a time
// is on its way, in the order of the finger: what was written before never comes after.

import { page } from "./room_outbox.js";
import { unsent } from "./room_swap.js";

const PAUSE_MS = 2000;

export default function autosave(form) {
  const said = form.querySelector("[data-saved]");
  let wait = 0;

  const tell = (words) => said && (said.textContent = words);
  const later = (pause) => {
    clearTimeout(wait);
    wait = setTimeout(save, pause);
  };

  async function save() {
    if (!form.isConnected) return; // What was typed stands in the form that came in its place.
    if (page.keeping || page.isBusy()) return later(PAUSE_MS);
    page.keeping = post();
    await page.keeping;
    page.keeping = undefined;
  }

  async function post() {
    try {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.ok) keeps(body);
      tell(answer.ok ? `Saved ${told.saved}` : (told.error?.message ?? told.message ?? "Not saved yet."));
    } catch {
      tell("No connection. We try again.");
      later(2 * PAUSE_MS);
    }
  }

  // The server shows this from now on.
  function keeps(body) {
    for (const [name, value] of body) {
      const field = form.elements[name];
      if (field.options) for (const one of field.options) one.defaultSelected = one.value === value;
      else if (field.type !== "hidden") field.defaultValue = value;
    }
  }

  form.addEventListener("input", () => later(PAUSE_MS));
  form.addEventListener("submit", () => clearTimeout(wait));
  // Typed before, on the page that was here, or before it was loaded anew.
  if (unsent(form).length) later(PAUSE_MS);
}
