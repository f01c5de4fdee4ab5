// What waits on this device of a caller's reports, one line for each call: the claim's id, the report's
// mark, what was chosen, when. What somebody typed stands there sealed (call_seal.js). Each line
// belongs to one person; another who signs in here neither sees nor sends it. A day later, when
// nobody could report that call any more, it goes. Ids hold digits: they are broken up, so that
// nothing in here is as long as a telephone number.

const PREFIX = "call:";
const OLD_MS = 24 * 3600 * 1000;

const broken = (text) => text.replace(/\d{4}(?=\d)/g, "$&~");
const whole = (text) => text.replaceAll("~", "");
const nameOf = (who, claim) => broken(`${PREFIX}${who}:${claim}`);

function attempt(act) {
  try {
    return act();
  } catch {
    return undefined; // No storage here: what waits is in the page alone.
  }
}

export function keep(who, entry) {
  attempt(() => localStorage.setItem(nameOf(who, entry.claim), broken(JSON.stringify(entry))));
}

export function wipe(who, claim) {
  attempt(() => localStorage.removeItem(nameOf(who, claim)));
}

// Mine, the oldest first.
export function kept(who) {
  const found = [];
  for (const name of attempt(() => Object.keys(localStorage)) ?? []) {
    if (!name.startsWith(PREFIX)) continue;
    const entry = attempt(() => JSON.parse(whole(localStorage.getItem(name))));
    if (!entry?.claim || !(Date.now() - Date.parse(entry.at) < OLD_MS)) attempt(() => localStorage.removeItem(name));
    else if (name === nameOf(who, entry.claim)) found.push(entry);
  }
  return found.sort((one, other) => (one.at < other.at ? -1 : 1));
}
