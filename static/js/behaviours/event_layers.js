// What the map shows: events, meetups, groups and hubs, each switched on and off.

import { BESIDE, groupIcon, groupPopup } from "./event_marks.js";

export class Layers {
  constructor(element, changed) {
    this.events = element.dataset.geojson;
    this.groups = element.dataset.groups;
    this.kinds = (element.dataset.kinds ?? "").split(" ").filter(Boolean);
    this.meetups = (element.dataset.meetups ?? "").split(" ").filter(Boolean);
    this.choices = [...element.querySelectorAll("[data-layers] input")];
    const field = element.querySelector("[data-layers]");
    if (field) field.hidden = false;
    for (const choice of this.choices) {
      choice.addEventListener("change", () => {
        this.keep();
        changed();
      });
    }
  }

  isOn(name) {
    const choice = this.choices.find(({ value }) => value === name);
    return choice ? choice.checked : name !== "groups";
  }

  keep() {
    const url = new URL(location.href);
    const on = this.choices.filter(({ checked }) => checked).map(({ value }) => value);
    const usual = this.choices.every(({ checked, defaultChecked }) => checked === defaultChecked);
    if (usual && !url.searchParams.has("layers")) return;
    url.searchParams.set("layers", on.join(",") || "none");
    url.search = url.search.replaceAll("%2C", ",");
    for (const field of document.querySelectorAll("input[data-view=layers]")) {
      field.value = on.join(",") || "none";
      field.disabled = false;
    }
    history.replaceState(history.state, "", url);
  }

  // Where to ask for events and for groups; null for what is switched off.
  addresses(box, zoom) {
    return [this.ofEvents(), this.isOn("groups") && this.groups].map((address) => {
      if (!address) return null;
      const url = new URL(address, location.href);
      url.searchParams.set("bbox", box);
      url.searchParams.set("zoom", zoom);
      return url;
    });
  }

  ofEvents() {
    const url = new URL(this.events, location.href);
    if (this.isOn("events") && this.isOn("meetups")) return url;
    const asked = url.searchParams.getAll("kind");
    const shown = this.kinds.filter((kind) => this.isOn(this.meetups.includes(kind) ? "meetups" : "events"));
    const wanted = asked.length ? shown.filter((kind) => asked.includes(kind)) : shown;
    url.searchParams.delete("kind");
    for (const kind of wanted) url.searchParams.append("kind", kind);
    return wanted.length ? url : null;
  }
}

export function groupMark({ geometry, properties }) {
  const [lng, lat] = geometry.coordinates;
  const marker = L.marker([lat, lng], { icon: groupIcon(properties.type === "hub"), zIndexOffset: -500 });
  marker.bindPopup(groupPopup(properties), BESIDE);
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", properties.name));
  marker.on("popupopen", (event) => event.popup.getElement()?.querySelector("a")?.focus({ preventScroll: true }));
  return marker;
}
