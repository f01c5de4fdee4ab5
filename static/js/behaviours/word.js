// What a lead says to everybody's screen: fetched anew when it has changed. While a person is held
// their own page hears of it (held.js) and asks no more than that; a page without one asks by
// itself. The live region stays, so that what is new in it is read aloud.

const EVERY = 9000;

export default function word(element) {
  document.addEventListener("campaign:word", ({ detail }) => {
    if (element.isConnected && detail !== version(element)) renew(element);
  });
  document.addEventListener("submit", ({ target }) => {
    const fold = target.closest(".help-fold");
    if (fold) setTimeout(() => fold.removeAttribute("open"));
  });
  if (document.querySelector("[data-held]")) return;
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    if (document.visibilityState === "visible") renew(element);
  }, EVERY);
}

function version(element) {
  return element.querySelector("[data-version]")?.dataset.version;
}

async function renew(element) {
  try {
    const answer = await fetch(element.dataset.url, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    const said = fresh.content.querySelector("[data-version]");
    if (!said || said.dataset.version === version(element)) return;
    element.replaceChildren(fresh.content);
    window.htmx?.process(element);
  } catch {
    // Offline: the next round asks again.
  }
}
