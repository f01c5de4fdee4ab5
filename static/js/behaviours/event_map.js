// Draws events on the map, asking for what is in view as it moves; list and map light each other.

import { asCluster, gathered, samePoint } from "./event_clusters.js";
import { clusterIcon, pinIcon, popup, withMap } from "./event_marks.js";

const WAIT = 200;

export default function eventMap(element) {
  withMap(element.dataset.map, (map) => new EventMap(element, map));
}

class EventMap {
  constructor(element, map) {
    this.element = element;
    this.map = map;
    this.layer = L.layerGroup().addTo(map);
    this.byEvent = new Map();
    map.on("moveend", () => this.later());
    for (const name of ["pointerover", "focusin"]) element.addEventListener(name, (e) => this.light(e));
    window.addEventListener("pageshow", (event) => event.persisted && this.fetch());
    this.fetch();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), WAIT);
  }

  // The box a little outwards to round numbers, so that near views ask for the same answer.
  address() {
    const step = 360 / 2 ** this.map.getZoom() / 2;
    const edges = this.map.getBounds();
    const out = (number, way) => (way(number / step) * step).toFixed(5);
    const url = new URL(this.element.dataset.geojson, location.href);
    const south = Math.max(-85, out(edges.getSouth(), Math.floor));
    const north = Math.min(85, out(edges.getNorth(), Math.ceil));
    const west = out(edges.getWest(), Math.floor);
    const east = out(edges.getEast(), Math.ceil);
    url.searchParams.set("bbox", [west, south, east, north].join(","));
    url.searchParams.set("zoom", Math.round(this.map.getZoom()));
    return url;
  }

  async fetch() {
    this.older?.abort();
    this.older = new AbortController();
    try {
      const answer = await fetch(this.address(), { signal: this.older.signal });
      if (answer.ok) this.draw((await answer.json()).features);
    } catch (problem) {
      if (problem.name !== "AbortError") console.warn("map:", problem);
    }
  }

  draw(features) {
    if (this.map.getContainer().contains(document.activeElement)
      && document.activeElement.closest(".leaflet-popup")) return;
    this.layer.clearLayers();
    this.byEvent.clear();
    const alone = features.filter(({ properties }) => !properties.cluster);
    for (const feature of features) if (feature.properties.cluster) this.drawCluster(feature);
    for (const found of gathered(this.map, alone)) {
      if (found.length === 1 || samePoint(found)) this.drawPoint(found);
      else this.drawCluster(asCluster(found));
    }
  }

  drawCluster({ geometry, properties }) {
    const { point_count: count, point_count_abbreviated: words, bbox } = properties;
    const marker = this.mark(geometry, clusterIcon(count, words), `${count} events here: look closer`);
    for (const id of properties.ids ?? []) this.byEvent.set(id, marker);
    marker.on("click", () => {
      const [west, south, east, north] = bbox;
      this.map.fitBounds([[south, west], [north, east]], { maxZoom: 15, padding: [40, 40] });
    });
  }

  drawPoint(found) {
    const [first] = found;
    const many = found.length > 1;
    const words = many ? `${found.length} events at ${first.properties.venue}` : first.properties.title;
    const marker = this.mark(first.geometry, pinIcon(many ? String(found.length) : ""), words);
    marker.bindPopup(popup(found.map((feature) => feature.properties)), { maxWidth: 300 });
    marker.on("popupopen", (event) => event.popup.getElement()?.querySelector("a")?.focus());
    for (const { id } of found) this.byEvent.set(id, marker);
    marker.on("mouseover focus", () => this.show(found.map(({ id }) => id)));
  }

  mark(geometry, icon, words) {
    const [lng, lat] = geometry.coordinates;
    const marker = L.marker([lat, lng], { icon }).addTo(this.layer);
    marker.getElement()?.setAttribute("aria-label", words);
    return marker;
  }

  light(event) {
    const card = event.target.closest?.("[data-event]");
    if (card) this.show([card.dataset.event]);
  }

  show(ids) {
    for (const lit of this.element.querySelectorAll(".is-on")) lit.classList.remove("is-on");
    for (const id of ids) {
      this.element.querySelector(`[data-event="${CSS.escape(id)}"]`)?.classList.add("is-on");
      this.byEvent.get(id)?.getElement()?.classList.add("is-on");
    }
  }
}
