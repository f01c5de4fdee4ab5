// Asking the server for what is in view.

const HALF_TILE = 128;

// The box outwards to the grid of half tiles that the server keeps answers by.
export function boxOf(map) {
  const step = (HALF_TILE * 360) / (256 * 2 ** Math.round(map.getZoom()));
  const edges = map.getBounds();
  const out = (number, way) => (way(number / step) * step).toFixed(5);
  return [
    out(edges.getWest(), Math.floor),
    Math.max(-90, out(edges.getSouth(), Math.floor)),
    out(edges.getEast(), Math.ceil),
    Math.min(90, out(edges.getNorth(), Math.ceil)),
  ].join(",");
}

// The features of an answer; none where there is nothing to ask.
export async function fetched(url, signal) {
  if (!url) return [];
  const answer = await fetch(url, { signal });
  return answer.ok ? (await answer.json()).features : [];
}
