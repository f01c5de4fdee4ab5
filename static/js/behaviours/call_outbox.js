// Reports of calls on their way, one after the other in the order of the finger. One that finds no
// answer waits and goes again, sooner at first, and at once when the network is back. The site
// knows each by its mark: however often it comes, it is stored once. The report somebody waits for
// brings the next person's page with it, in one journey; one that is sent later only gets stored.

import { keep, kept, wipe } from "./call_store.js";
import { open } from "./call_seal.js";

const FIRST_MS = 2000;
const MOST_MS = 60000;
const GIVE_UP_MS = 20000;
const reports = new Map();
let mine = {};
let tell = () => {};
let busy = false;
let signedOut = false;
let failures = 0;
let timer = 0;

export const waiting = () => [...reports.values()].sort((one, other) => (one.at < other.at ? -1 : 1));

// Whose browser this is now: `who`, the page of their calls, and the token of their forms.
export function begin(person, said) {
  if (person.who !== mine.who) reports.clear();
  [mine, tell, signedOut] = [person, said, false];
  for (const entry of kept(mine.who)) if (entry.pressed && !reports.has(entry.claim)) reports.set(entry.claim, entry);
  send();
}

// `live` says that somebody looks at the page and waits for what comes next.
export function add(entry) {
  const { claim, at, pressed, fields, sealed } = entry;
  keep(mine.who, { claim, at, pressed, fields, sealed });
  reports.set(claim, entry);
  send();
}

// Somebody came back to the page, pressed, or is on the network again: now, and signed in or not.
export function again() {
  signedOut = false;
  send();
}

async function send() {
  if (busy || signedOut || !mine.who) return;
  busy = true;
  clearTimeout(timer);
  let wait = 0;
  while (reports.size && !wait && !signedOut) wait = await next(waiting()[0]);
  busy = false;
  tell({ kind: "queue" });
  if (wait) timer = setTimeout(send, wait);
}

async function next(entry) {
  // The last of those that wait may bring somebody; with two on their way nobody comes.
  const live = Boolean(entry.live) && reports.size === 1 && !document.hidden;
  let answer, text;
  try {
    answer = await post(entry, live);
    text = answer.type === "opaqueredirect" ? "" : await answer.text();
    if (answer.status === 400 && (await renew())) return failures++ ? later() : 0;
  } catch {
    tell({ kind: "offline" });
    return later();
  }
  if (answer.status === 429 || answer.status >= 500) return later(Number(answer.headers.get("Retry-After")) * 1000);
  failures = 0;
  // No such call of theirs: somebody else has signed in here since. It waits for its own caller.
  if ([400, 401, 404].includes(answer.status)) {
    signedOut = true;
    tell({ kind: "signed-out" });
  } else settle(entry, live, answer, text);
  return 0;
}

function later(asked = 0) {
  failures += 1;
  return Math.max(asked || 0, Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1)));
}

async function post(entry, live) {
  const then = live ? entry.fields.find(([name]) => name === "then")?.[1] : "stop";
  const typed = entry.typed ?? (await opened(entry));
  const body = new URLSearchParams([["then", then], ...(live ? entry.fields : alone(entry.fields)), ...typed]);
  body.set("then", then);
  body.set("csrf_token", mine.token);
  const headers = live ? { "X-Follow": then === "next" ? "1" : "0" } : { Accept: "application/json" };
  const redirect = live && then !== "next" ? "manual" : "follow";
  const signal = AbortSignal.timeout?.(GIVE_UP_MS);
  return fetch(`/claims/${entry.claim}/outcome`, { method: "POST", body, headers, redirect, signal });
}

// Nobody is on the line any more to go on with: what remains is that somebody else answered.
function alone(fields) {
  if (!fields.some(([name]) => name === "switch")) return fields;
  return [...fields.filter(([name]) => name !== "switch"), ["outcome", "other_person"]];
}

async function opened(entry) {
  if (!entry.sealed) return [];
  const answer = await fetch(`/claims/${entry.claim}/seal`, { headers: { Accept: "application/json" } });
  if (answer.status === 401 || answer.status === 404) return []; // The report will be told so, too.
  if (!answer.ok) throw new Error(String(answer.status));
  return open(entry.sealed, (await answer.json()).seal).catch(() => []);
}

// The form was of a page that has grown old, for instance after signing in again.
async function renew() {
  const answer = await fetch(mine.page);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  mine.token = fresh.querySelector('meta[name="csrf-token"]')?.content ?? mine.token;
  return !new URL(answer.url).pathname.startsWith("/sign-in");
}

function settle(entry, live, answer, text) {
  reports.delete(entry.claim);
  const followed = answer.headers.get("X-Followed");
  if (answer.status === 422 && !live) keep(mine.who, { ...stored(entry), pressed: false });
  else wipe(mine.who, entry.claim);
  if (answer.type === "opaqueredirect") tell({ kind: "stopped" });
  else if (live && (answer.ok || answer.status === 422)) tell({ kind: "page", text, url: followed });
  else tell({ kind: answer.ok ? "sent" : "refused", entry, sentence: answer.ok ? "" : sentenceOf(text) });
}

const stored = ({ claim, at, fields, sealed }) => ({ claim, at, fields, sealed });

function sentenceOf(text) {
  if (text.startsWith("{")) return JSON.parse(text).error;
  return new DOMParser().parseFromString(text, "text/html").querySelector("main .lede")?.textContent.trim() ?? "";
}
