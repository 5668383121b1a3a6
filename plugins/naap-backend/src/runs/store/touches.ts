import type { Stage, Touches } from '@naap/plugin-naap-node';

const both = (a: readonly Stage[], b: readonly Stage[]) =>
  a.some(stage => b.includes(stage));

/** Whether one of two runs writes what the other reads or writes. Pure. */
export function getInTheWay(one: Touches, other: Touches): boolean {
  return (
    both(one.writes, [...other.reads, ...other.writes]) ||
    both(other.writes, one.reads)
  );
}
