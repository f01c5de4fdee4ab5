// The list beside the map follows it: the same search, in the box that is in view. The address
// follows too, so that a reload, a shared link and the way back show the same.

const PLACES = 4;

export class FollowingList {
  constructor(element, map) {
    this.map = map;
    this.list = element.querySelector("[data-list]");
    this.said = element.querySelector("[data-said]");
  }

  async follow() {
    if (!this.list) return;
    const url = this.address();
    this.older?.abort();
    this.older = new AbortController();
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.older.signal });
      if (!answer.ok) return;
      const held = document.createElement("template");
      held.innerHTML = await answer.text(); // our own page, in which what people wrote is text
      // Whoever is filling a form in is not swept away.
      if (this.list.contains(document.activeElement)) return;
      this.list.replaceChildren(held.content);
      if (this.said) this.said.textContent = this.list.querySelector("h2")?.textContent ?? "";
    } catch (problem) {
      if (problem.name !== "AbortError") console.warn("list:", problem);
    }
  }

  address() {
    const url = new URL(location.href);
    const box = this.map.getBounds();
    const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    const view = { bbox: edges.map((edge) => edge.toFixed(PLACES)).join(","), zoom: this.map.getZoom() };
    url.searchParams.delete("after");
    for (const [name, value] of Object.entries(view)) {
      url.searchParams.set(name, value);
      for (const field of document.querySelectorAll(`input[data-view=${name}]`)) {
        field.value = value;
        field.disabled = false;
      }
    }
    url.search = url.search.replaceAll("%2C", ",");
    // Moving the map is no step to come back over: Back leaves the page, and returns to this view.
    history.replaceState(history.state, "", url);
    return url;
  }

  // The card of what was chosen on the map, where the list stands beside it.
  reveal([id]) {
    const card = this.list?.querySelector(`[data-event="${CSS.escape(id)}"]`);
    if (!card || !matchMedia("(min-width: 820px)").matches) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }
}
