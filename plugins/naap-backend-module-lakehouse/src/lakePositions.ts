import { partitionOf, type Positions } from '@naap/ingestion/bus';
import { BRONZE_TABLES, type LakeTable } from '@naap/lakehouse';

/** Of a partition the writer keeps with a table below which offset it holds everything: `naap.next-offset.<topic>.<partition>`. */
const NEXT_OFFSET = 'naap.next-offset.';

function positionsOf({ properties }: LakeTable): Positions {
  const positions = new Map<string, bigint>();
  for (const [name, offset] of Object.entries(properties)) {
    if (!name.startsWith(NEXT_OFFSET)) continue;
    const dot = name.lastIndexOf('.');
    const topic = name.slice(NEXT_OFFSET.length, dot);
    positions.set(
      partitionOf(topic, Number(name.slice(dot + 1))),
      BigInt(offset),
    );
  }
  return positions;
}

/** Below which positions all the tables hold everything. Pure. */
export function lakePositions(tables: readonly LakeTable[]): Positions {
  if (tables.length < BRONZE_TABLES.length) return new Map();
  const all = tables.map(positionsOf);
  return new Map(
    [...all[0].keys()].map(partition => [
      partition,
      all
        .map(positions => positions.get(partition) ?? 0n)
        .reduce((least, offset) => (offset < least ? offset : least)),
    ]),
  );
}
