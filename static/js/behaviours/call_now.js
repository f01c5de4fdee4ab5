// On a telephone one tap does it all: the number is shown, counted as dialled, and the dialler
// opens; behind it the screen already asks how it went. With a mouse, or without scripts, the form
// goes its usual way. A fictitious number has no link, so it is never dialled. Whoever was signed out
// meanwhile signs in and comes back to the person; any other refusal is shown as the form would.

import { show } from "./call_page.js";

const TOUCH = "(pointer: coarse)";

export default function callNow(form) {
  form.addEventListener("submit", async (event) => {
    if (navigator.onLine && !matchMedia(TOUCH).matches) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const sent = new FormData(form);
    sent.set("dialling", "yes");
    try {
      const headers = { Accept: "text/html" };
      const answer = await fetch(form.action, { method: "POST", body: sent, headers });
      const shown = show(await answer.text(), answer.url);
      if (!shown && (answer.redirected || [400, 401].includes(answer.status))) location.assign(form.dataset.page);
      else if (!shown) form.submit();
      else if (answer.ok) document.querySelector("main a[href^='tel:']")?.click();
    } catch {
      form.removeAttribute("aria-busy");
      for (const words of form.querySelectorAll("[data-offline]")) words.hidden = false;
    }
  });
}
