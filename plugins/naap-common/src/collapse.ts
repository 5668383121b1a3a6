import type { LineageEdge } from './api';

/** Which nodes each node leads to. */
function targetsOf(edges: Iterable<LineageEdge>): Map<string, Set<string>> {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  return targets;
}

/** Every node that can be reached from one, itself only through a circle; walks on through those that `through` admits. */
function reached(
  start: string,
  targets: Map<string, Set<string>>,
  through: (id: string) => boolean = () => true,
): Set<string> {
  const found = new Set(targets.get(start));
  // A set that grows while it is walked.
  for (const id of found) {
    if (through(id)) targets.get(id)?.forEach(next => found.add(next));
  }
  return found;
}

/**
 * The edges between the nodes that are kept: those there are, and one for every way through hidden nodes that the others
 * don't tell already. What could be reached from a kept node before can be reached now. Pure.
 */
export function collapse(
  edges: LineageEdge[],
  keep: ReadonlySet<string>,
): LineageEdge[] {
  const all = targetsOf(edges);
  const direct = edges.filter(({ from, to }) => keep.has(from) && keep.has(to));
  const through: LineageEdge[] = [];
  for (const from of keep) {
    for (const to of reached(from, all, id => !keep.has(id))) {
      if (keep.has(to) && to !== from && !all.get(from)?.has(to)) {
        through.push({ from, to });
      }
    }
  }
  const kept = targetsOf([...direct, ...through]);
  const needed = through.filter(({ from, to }) => {
    kept.get(from)?.delete(to);
    const told = reached(from, kept).has(to);
    if (!told) kept.get(from)?.add(to);
    return !told;
  });
  return [...direct, ...needed];
}
