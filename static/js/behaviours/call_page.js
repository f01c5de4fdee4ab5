// The calling screen without leaving it: the page that an answer brought takes the place of the one
// before, and a report that found no connection says so in the middle of it.

// Whether it was a page of the calling screen, and stands there now. The document stays, so what was
// tapped may still open the telephone, which a browser allows only right after the tap.
export function show(text, url) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.body.classList.contains("calling")) return false;
  const here = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((sheet) => sheet.getAttribute("href")));
  for (const sheet of fresh.head.querySelectorAll("link[rel=stylesheet]"))
    if (!here.has(sheet.getAttribute("href"))) document.head.append(document.adoptNode(sheet));
  const name = 'meta[name="csrf-token"]';
  document.querySelector(name).content = fresh.querySelector(name).content;
  document.title = fresh.title;
  document.body.className = fresh.body.className;
  document.body.replaceChildren(...document.adoptNode(fresh.body).childNodes);
  history.replaceState(null, "", url ?? location.href);
  window.htmx?.process?.(document.body);
  window.scrollTo(0, 0);
  const first = document.querySelector("#main [role=alert]:not([hidden]), #main h1");
  if (first) focus(first);
  return true;
}

function focus(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

export const panel = () => document.querySelector("#main [data-waiting]");

// In place of the form that was sent off: what is so, what waits, what one can do.
export function showWaiting(kind, entries) {
  const made = panel() ?? document.getElementById("unsent-page").content.firstElementChild.cloneNode(true);
  for (const part of made.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(kind);
  made.querySelector("ul").replaceChildren(...entries.map((entry) => lineOf(made, entry)));
  if (made.isConnected) return;
  document.getElementById("main").replaceChildren(made);
  scrollTo(0, 0);
  focus(made.querySelector("[role=heading]"));
}

function lineOf(made, entry) {
  const line = made.querySelector("template").content.firstElementChild.cloneNode(true);
  const at = new Date(entry.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  // The name was on the page when they pressed; a page that was opened since does not know it.
  line.querySelector("b").textContent = entry.name || "A report";
  line.querySelector("span span").textContent = [entry.label, at].filter(Boolean).join(", ");
  return line;
}

export function showCount(badge, entries, quiet) {
  badge.hidden = entries.length === 0 || quiet;
  badge.querySelector("[data-words]").textContent = `${entries.length} unsent`;
  // Nobody new while two reports wait.
  for (const button of document.querySelectorAll("#next-person button")) button.disabled = entries.length > 1;
}

export function say(sentence) {
  const words = document.createElement("p");
  words.textContent = sentence;
  const line = document.createElement("div");
  Object.assign(line, { className: "wrap notice notice-one" }).setAttribute("role", "alert");
  line.append(words);
  line.dataset.said = "";
  document.querySelector("#main > [data-said]")?.remove();
  document.getElementById("main").prepend(line);
}
