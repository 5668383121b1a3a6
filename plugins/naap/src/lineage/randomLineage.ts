import { LINEAGE_LAYERS, LineageLayer } from '@naap/plugin-naap-common';

/** A lineage of a size for tests and measures, always the same for a seed. Edges lead from left to right. */
export function randomLineage(size: number, edgeCount: number, seed: number) {
  let state = Math.abs(seed) % 4_294_967_296;
  const below = (limit: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  const nodes = Array.from({ length: size }, (_, i) => ({
    id: `n${i}`,
    layer: LINEAGE_LAYERS[
      Math.floor((i / size) * LINEAGE_LAYERS.length)
    ] as LineageLayer,
  }));
  const edges = Array.from({ length: size > 1 ? edgeCount : 0 }, () => {
    const from = below(size - 1);
    const to = from + 1 + below(Math.min(size - 1 - from, 200));
    return { from: `n${from}`, to: `n${to}` };
  });
  return { nodes, edges };
}
