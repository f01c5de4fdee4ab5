// Marks on the map, made of DOM nodes only: whatever people wrote stays text.

const SVG = "http://www.w3.org/2000/svg";
const DROP = "M17 41C10.5 31.5 2 25 2 16a15 15 0 0 1 30 0c0 9-8.5 15.5-15 25Z";

// A popup opens clear of the buttons at the map's right edge.
export const BESIDE = { maxWidth: 300, autoPanPaddingTopLeft: [8, 8], autoPanPaddingBottomRight: [72, 8] };

// The Leaflet map of a div, whichever of the two scripts ran first.
export function withMap(id, start) {
  const place = document.getElementById(id);
  if (!place) return;
  if (place.campaignMap) start(place.campaignMap);
  else place.addEventListener("campaign:map", (event) => start(event.detail.map), { once: true });
}

export function node(name, css, text) {
  const made = document.createElement(name);
  if (css) made.className = css;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function pinIcon(text) {
  const holder = document.createElement("div");
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 34 42");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", DROP);
  drawing.append(path);
  const words = node("span", "", text);
  words.setAttribute("aria-hidden", "true");
  holder.append(drawing, words);
  return icon([...holder.childNodes], "pin", [34, 42], [17, 42]);
}

export function clusterIcon(count, words) {
  const small = count < 10;
  const size = small ? 42 : 52;
  const css = small ? "cluster cluster-s" : "cluster";
  return icon([document.createTextNode(words)], css, [size, size], [size / 2, size / 2]);
}

// A group's mark is a square, a hub's a house of it: never taken for an event.
export function groupIcon(isHub) {
  const words = node("span", "", isHub ? "H" : "G");
  words.setAttribute("aria-hidden", "true");
  return icon([words], isHub ? "group-mark group-hub" : "group-mark", [30, 30], [15, 15]);
}

export const isEnter = ({ originalEvent }) => originalEvent?.key === "Enter";

function icon(children, className, iconSize, iconAnchor) {
  const Icon = L.DivIcon.extend({
    createIcon(old) {
      const made = old?.tagName === "DIV" ? old : document.createElement("div");
      made.replaceChildren(...children);
      this._setIconStyles(made, "icon");
      return made;
    },
  });
  return new Icon({ className, iconSize, iconAnchor, popupAnchor: [0, -iconAnchor[1] + 4] });
}

// What a pin opens: every event of the point, one under the other.
export function popup(events) {
  const list = node("ul", "event-pop");
  for (const { title, when, venue, need_words: need, url } of events) {
    const item = node("li");
    const link = node("a", "", title);
    link.href = String(url).startsWith("/events/") ? url : "/events";
    openElsewhere(link);
    item.append(link, node("span", "", when), node("span", "muted", venue), node("span", "", need));
    list.append(item);
  }
  return list;
}

// What the mark of a group opens.
export function groupPopup({ name, place, kind, url }) {
  const box = node("div", "event-pop");
  const link = node("a", "", name);
  link.href = String(url).startsWith("/groups/") ? url : "/groups";
  openElsewhere(link);
  box.append(node("span", "kind", kind), link, node("span", "muted", place));
  return box;
}

// On somebody else's site a link opens a tab of its own.
function openElsewhere(link) {
  if (!document.body.classList.contains("p-embed")) return;
  link.target = "_blank";
  link.rel = "noopener";
}
