// Puts what was planned tonight onto the map of the screen; a new pin pops in, and the map grows to
// show them all. The pins stand in the page as JSON and are swapped as they change.

import { withMap, pinIcon } from "./event_marks.js";

export default function screenMap(element) {
  const known = new Map();
  withMap(element.dataset.map, (map) => {
    let drawn = "";
    const draw = () => {
      const text = document.getElementById("pins")?.textContent || "[]";
      if (text === drawn) return;
      drawn = text;
      const pins = JSON.parse(text);
      for (const pin of pins) {
        if (known.has(pin.id)) continue;
        const marker = L.marker([pin.lat, pin.lng], { icon: pinIcon(""), keyboard: false, interactive: false });
        marker.addTo(map);
        marker.getElement()?.setAttribute("role", "img");
        marker.getElement()?.setAttribute("aria-label", pin.title);
        known.set(pin.id, marker);
      }
      for (const [id, marker] of known) {
        if (pins.some((pin) => pin.id === id)) continue;
        marker.remove();
        known.delete(id);
      }
      if (pins.length) map.fitBounds(pins.map((pin) => [pin.lat, pin.lng]), { maxZoom: 12, padding: [60, 60] });
    };
    draw();
    new MutationObserver(draw).observe(element.parentElement, { childList: true });
  });
}
