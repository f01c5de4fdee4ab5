// Draws events on the map, asking for what is in view as it moves; list and map light each other.

import { boxOf, fetched } from "./event_asking.js";
import { asCluster, gathered, samePoint } from "./event_clusters.js";
import { FollowingList } from "./event_list.js";
import { Layers, groupMark } from "./event_layers.js";
import { BESIDE, clusterIcon, isEnter, pinIcon, popup, withMap } from "./event_marks.js";

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
    this.layers = new Layers(element, () => this.fetch());
    this.list = new FollowingList(element, map);
    // A popup that makes room for itself is no wish to look elsewhere.
    map.on("autopanstart", () => (this.still = true));
    map.on("moveend", () => this.later());
    for (const name of ["pointerover", "focusin"]) element.addEventListener(name, (e) => this.light(e));
    window.addEventListener("pageshow", (event) => event.persisted && this.fetch());
    element.addEventListener("keydown", (event) => this.shut(event));
    map.eachLayer((layer) => layer.on?.("tileerror", () => this.withoutPictures()));
    const failed = (picture) => picture.complete && !picture.naturalWidth;
    if ([...element.querySelectorAll(".leaflet-tile")].some(failed)) this.withoutPictures();
    this.fetch();
  }

  later() {
    const follow = !this.still;
    this.still = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.fetch();
      if (follow) this.list?.follow();
    }, WAIT);
  }

  async fetch() {
    this.older?.abort();
    this.older = new AbortController();
    const { signal } = this.older;
    const zoom = Math.round(this.map.getZoom());
    const asked = this.layers.addresses(boxOf(this.map), zoom).map((url) => fetched(url, signal));
    try {
      const [events, groups] = await Promise.all(asked);
      if (!signal.aborted) this.draw(events, groups);
    } catch (problem) {
      if (problem.name !== "AbortError") console.warn("map:", problem);
    }
  }

  draw(events, groups) {
    const held = document.activeElement;
    const within = this.map.getContainer().contains(held);
    if (within && held.closest(".leaflet-popup")) return;
    const [kept] = within ? [...this.byEvent].find(([, marker]) => marker.getElement() === held) ?? [] : [];
    this.layer.clearLayers();
    this.byEvent.clear();
    for (const group of groups) groupMark(group).addTo(this.layer);
    const alone = events.filter(({ properties }) => !properties.cluster);
    for (const feature of events) if (feature.properties.cluster) this.drawCluster(feature);
    for (const found of gathered(this.map, alone)) {
      if (found.length === 1 || samePoint(found)) this.drawPoint(found);
      else this.drawCluster(asCluster(found));
    }
    // Whoever stood on a pin stands on it again, or on the map.
    if (within && !held.isConnected) (this.byEvent.get(kept)?.getElement() ?? this.map.getContainer()).focus();
  }

  drawCluster({ geometry, properties }) {
    const { point_count: count, point_count_abbreviated: words, bbox } = properties;
    const marker = this.mark(geometry, clusterIcon(count, words), `${count} events here: look closer`);
    for (const id of properties.ids ?? []) this.byEvent.set(id, marker);
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && !isEnter(event)) return;
      const [west, south, east, north] = bbox;
      this.map.fitBounds([[south, west], [north, east]], { maxZoom: 15, padding: [40, 40] });
      this.map.getContainer().focus({ preventScroll: true });
    });
  }

  drawPoint(found) {
    const [first] = found;
    const many = found.length > 1;
    const words = many ? `${found.length} events at ${first.properties.venue}` : first.properties.title;
    const marker = this.mark(first.geometry, pinIcon(many ? String(found.length) : ""), words);
    const ids = found.map(({ id }) => id);
    marker.bindPopup(popup(found.map((feature) => feature.properties)), BESIDE);
    marker.on("popupopen", (event) => {
      this.show(ids);
      this.list.reveal(ids);
      event.popup.getElement()?.querySelector("a")?.focus({ preventScroll: true });
    });
    marker.on("popupopen", () => (this.opened = marker));
    for (const id of ids) this.byEvent.set(id, marker);
    marker.on("mouseover focus", () => this.show(ids));
    marker.getElement()?.addEventListener("focus", () => this.show(ids));
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

  // Escape in a popup shuts it, and whoever opened it stands on its pin again.
  shut(event) {
    if (event.key !== "Escape" || !event.target.closest?.(".leaflet-popup")) return;
    this.map.closePopup();
    this.opened?.getElement()?.focus();
  }

  withoutPictures() {
    const notice = this.element.querySelector("[data-no-pictures]");
    if (notice) notice.hidden = false;
  }
}
