/**
 * Items in an order in which everybody who claims some has his turn: the first
 * of each, then the second of each, and so on, each item once. Whose turn is
 * first follows from `share`, in [0, 1).
 */
export function inTurns<T>(
  items: readonly T[],
  claimantsOf: (item: T) => readonly string[],
  share: number,
): T[] {
  const claims = new Map<string, T[]>();
  for (const item of items) {
    for (const claimant of claimantsOf(item)) {
      const claimed = claims.get(claimant);
      if (claimed) claimed.push(item);
      else claims.set(claimant, [item]);
    }
  }
  const lists = [...claims.values()];
  const first = Math.floor(share * lists.length);
  let turns = [...lists.slice(first), ...lists.slice(0, first)].map(list =>
    list.values(),
  );
  const taken = new Set<T>();
  while (turns.length > 0) {
    turns = turns.filter(left => {
      for (const item of left) {
        if (taken.has(item)) continue;
        taken.add(item);
        return true;
      }
      return false;
    });
  }
  return [...taken];
}
