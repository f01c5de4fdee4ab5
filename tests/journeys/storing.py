"""What a browser keeps of a site: everything that outlives a page, as one text."""

import re

from playwright.sync_api import Page

WALK = """async () => {
  const found = [document.cookie, JSON.stringify(history.state)];
  for (const store of [localStorage, sessionStorage])
    for (const name of Object.keys(store)) found.push(name, store.getItem(name));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys())
      found.push(asked.url, await (await cache.match(asked)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done, failed) => {
      const opening = indexedDB.open(name);
      Object.assign(opening, { onsuccess: () => done(opening.result), onerror: failed });
    });
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      const rows = await new Promise((done) => (all.onsuccess = () => done(all.result)));
      found.push(name, JSON.stringify(rows));
    }
  }
  const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
  return [...found, ...workers.map((one) => one.scope)].join("\\n");
}"""


def kept_by(page: Page) -> str:
    """Cookies a script can read, the state of this page in the history, local and session storage,
    caches, IndexedDB, service workers."""
    return str(page.evaluate(WALK))


def complaints(kept: str, names: list[str]) -> list[str]:
    """What no browser may keep: a digit run as long as a telephone number, a name."""
    runs = re.findall(r"\d[\d ]{5,}\d", kept)
    return [*runs, *(name for name in names if name.lower() in kept.lower())]
