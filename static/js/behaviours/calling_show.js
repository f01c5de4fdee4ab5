// Puts an answered page in the place of the one that stands there, without leaving it: what was
// tapped may still open the telephone then, which a browser allows only right after the tap.

export function show(html, address) {
  const next = new DOMParser().parseFromString(html, "text/html");
  document.title = next.title;
  document.body.className = next.body.className;
  document.body.replaceChildren(...document.adoptNode(next.body).childNodes);
  history.replaceState(null, "", address);
  window.htmx?.process?.(document.body);
  window.scrollTo(0, 0);
  document.getElementById("main")?.focus({ preventScroll: true });
}
