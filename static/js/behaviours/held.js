// Asks now and then whether the person is still in one's hands. Once somebody asked never to be
// called, or a lead ended it, the page is fetched anew and the number is gone from it.

const EVERY = 8000;

export default function held(element) {
  const timer = setInterval(async () => {
    if (!element.isConnected) return clearInterval(timer);
    try {
      const answer = await fetch(element.dataset.held, { headers: { Accept: "application/json" } });
      if (answer.ok && !(await answer.json()).live) location.reload();
    } catch {
      // Offline: the next round asks again.
    }
  }, EVERY);
}
