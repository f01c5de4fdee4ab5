// Asks now and then whether the person is still in one's hands. Once somebody asked never to be
// called, the page is fetched anew. Where the time ran out or a lead ended the calling, only the
// number goes: what was said on the phone can still be noted.

const EVERY = 8000;

export default function held(element) {
  const timer = setInterval(async () => {
    if (!element.isConnected) return clearInterval(timer);
    try {
      const answer = await fetch(element.dataset.held, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { live, never } = await answer.json();
      if (live) return;
      if (never) return location.reload();
      clearInterval(timer);
      element.querySelectorAll(".number, .call-copy").forEach((part) => part.remove());
    } catch {
      // Offline: the next round asks again.
    }
  }, EVERY);
}
