/**
 * How far each partition is, by `<topic>/<partition>`: the offset that its next message gets, 64 bit. A partition that isn't
 * there is at 0.
 */
export type Positions = ReadonlyMap<string, bigint>;

export const partitionOf = (topic: string, partition: number): string =>
  `${topic}/${partition}`;

/** Whether `one` lacks anything that is below `other`. */
export function isBehind(one: Positions, other: Positions): boolean {
  return [...other].some(
    ([partition, offset]) => (one.get(partition) ?? 0n) < offset,
  );
}

/** How many messages are below them; rounded, as numbers are, over 53 bits. */
export function messagesBelow(positions: Positions): number {
  return Number([...positions.values()].reduce((sum, n) => sum + n, 0n));
}

/** The same positions are the same text, such as `network_events/0:123`. */
export function positionsText(positions: Positions): string {
  return [...positions]
    .map(([partition, offset]) => `${partition}:${offset}`)
    .sort()
    .join(' ');
}
