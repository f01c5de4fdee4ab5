// Marks that would lie on one another become one mark: the same grid as the server's, in pixels.

const CELL = 56;

const pointOf = ({ geometry }) => [geometry.coordinates[1], geometry.coordinates[0]];

// Features by the cell of the screen they fall into, in the order they came.
export function gathered(map, features) {
  const cells = new Map();
  for (const feature of features) {
    const { x, y } = map.project(pointOf(feature));
    const key = `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`;
    cells.set(key, [...(cells.get(key) ?? []), feature]);
  }
  return cells.values();
}

export function samePoint(features) {
  return new Set(features.map(({ geometry }) => geometry.coordinates.join())).size === 1;
}

export function asCluster(features) {
  const [lats, lngs] = [0, 1].map((side) => features.map((feature) => pointOf(feature)[side]));
  const middle = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return {
    geometry: { coordinates: [middle(lngs), middle(lats)] },
    properties: {
      point_count: features.length,
      point_count_abbreviated: String(features.length),
      bbox: [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)],
      ids: features.map(({ properties }) => properties.id),
    },
  };
}
