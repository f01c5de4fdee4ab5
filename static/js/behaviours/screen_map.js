// Puts what was planned tonight onto the map; a new pin pops in, and the map grows to show them all.
// Pins that would lie on one another are one, with their number. They stand in the page as JSON and
// are swapped as they change.

import { withMap, pinIcon } from "./event_marks.js";

// In the size of the text about the map, so that it is the same on any wall.
const NEAR_EM = 2.8;
const EDGE_EM = 4;

export default function screenMap(element) {
  let pins = [];
  let drawn = "";
  let known = null;
  let marks = [];
  const em = parseFloat(getComputedStyle(element).fontSize) || 16;

  withMap(element.dataset.map, (map) => {
    const place = (fresh = new Set()) => {
      for (const mark of marks) mark.remove();
      marks = gathered(map, pins, NEAR_EM * em).map((pile) => markOf(pile, fresh).addTo(map));
      for (const mark of marks) {
        mark.getElement()?.setAttribute("role", "img");
        mark.getElement()?.setAttribute("aria-label", mark.options.words);
        mark.getElement()?.classList.toggle("is-on", mark.options.isFresh);
      }
    };
    const draw = () => {
      const text = document.getElementById("pins")?.textContent || "[]";
      if (text === drawn) return;
      drawn = text;
      pins = JSON.parse(text);
      const fresh = new Set(pins.filter(({ id }) => known && !known.has(id)).map(({ id }) => id));
      known = new Set(pins.map(({ id }) => id));
      const points = pins.map(({ lat, lng }) => [lat, lng]);
      if (points.length) map.fitBounds(points, { maxZoom: 11, padding: [EDGE_EM * em, EDGE_EM * em], animate: false });
      place(fresh);
      clear(map, marks);
    };
    draw();
    map.on("zoomend", () => place());
    new MutationObserver(draw).observe(element.parentElement, { childList: true });
  });
}

function gathered(map, pins, near) {
  const piles = [];
  for (const pin of pins) {
    const at = map.project([pin.lat, pin.lng]);
    const pile = piles.find((one) => one.at.distanceTo(at) < near);
    if (pile) pile.pins.push(pin);
    else piles.push({ at, pins: [pin] });
  }
  return piles;
}

function markOf({ pins }, fresh) {
  const words = pins.length > 1 ? `${pins.length} events: ${pins.map(({ title }) => title).join(", ")}` : pins[0].title;
  return L.marker([pins[0].lat, pins[0].lng], {
    icon: pinIcon(pins.length > 1 ? String(pins.length) : ""),
    isFresh: pins.some(({ id }) => fresh.has(id)),
    keyboard: false,
    interactive: false,
    words,
  });
}

// What is new stands in words in the corner that hides the fewest pins.
function clear(map, marks) {
  const card = document.querySelector("#latest .just");
  if (!card) return;
  const size = map.getSize();
  const [wide, high] = [card.offsetLeft + card.offsetWidth, card.offsetTop + card.offsetHeight];
  const hides = (corner) =>
    marks.filter((mark) => {
      const { x, y } = map.latLngToContainerPoint(mark.getLatLng());
      const across = corner.includes("right") ? size.x - x : x;
      // A pin stands above its point.
      return across < wide + 20 && (corner.includes("low") ? size.y - y < high : y < high + 90);
    }).length;
  const best = ["", "low", "right", "right low"].sort((a, b) => hides(a) - hides(b))[0];
  card.className = `just ${best}`.trim();
}
