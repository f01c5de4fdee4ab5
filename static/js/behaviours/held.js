// Asks now and then whether the person is still in one's hands. Once somebody asked never to be
// called, the page is fetched anew. Where the time ran out or a lead ended the calling, only the
// number goes, and the page says why: what was said on the phone can still be noted. While nobody
// was rung there is nothing to note, and the page is fetched anew, too. While the page is looked at, it also
// asks once a minute to keep the person longer; the server decides, and says until when. A page that
// has not shown the number goes on by itself once the caller's phone has.

const EVERY = 8000;
const EXTEND_EVERY = 60000;

export default function held(element) {
  let extendedAt = Date.now();
  const timer = setInterval(async () => {
    if (!element.isConnected) return clearInterval(timer);
    const seen = document.visibilityState === "visible";
    const extending = seen && Date.now() - extendedAt >= EXTEND_EVERY;
    try {
      const answer = await (extending ? extend(element) : ask(element));
      if (!answer.ok) return;
      if (extending) extendedAt = Date.now();
      const { live, never, said, shown, kept_until: until, word } = await answer.json();
      if (word) document.dispatchEvent(new CustomEvent("campaign:word", { detail: word }));
      if (until) for (const part of element.querySelectorAll("[data-kept]")) part.textContent = until;
      if (live && shown && "unshown" in element.dataset) return location.reload();
      if (live) return;
      const words = element.querySelector("[data-gone]");
      if (never || !words) return location.reload();
      clearInterval(timer);
      element.querySelectorAll(".number, .call-copy, .kept").forEach((part) => part.remove());
      words.hidden = false;
      words.textContent = said;
    } catch {
      // Offline: the next round asks again.
    }
  }, EVERY);
}

function ask(element) {
  return fetch(element.dataset.held, { headers: { Accept: "application/json" } });
}

function extend(element) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return fetch(element.dataset.extend, { method: "POST", headers });
}
