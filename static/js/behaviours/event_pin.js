// Puts one pin, or the square of about 1 km in which a home lies, onto the small map of a page.

import { withMap, pinIcon } from "./event_marks.js";

export default function eventPin(element) {
  const { map: id, about, label } = element.dataset;
  const at = [Number(element.dataset.lat), Number(element.dataset.lng)];
  if (!at.every(Number.isFinite)) return;
  withMap(id, (map) => {
    if (about === "area") {
      L.circle(at, { radius: 710, className: "area-ring", interactive: false }).addTo(map);
      return;
    }
    const marker = L.marker(at, { icon: pinIcon(""), keyboard: false, interactive: false });
    marker.addTo(map);
    marker.getElement()?.setAttribute("role", "img");
    marker.getElement()?.setAttribute("aria-label", label ?? "Here");
  });
}
