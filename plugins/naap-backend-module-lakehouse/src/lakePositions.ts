import { partitionOf, type Positions } from '@naap/ingestion/bus';
import { BRONZE_TABLES, type LakeTable } from '@naap/lakehouse';

/** What the writer keeps with a table: below which offset of a partition it holds everything. */
const NEXT_OFFSET = /^naap\.next-offset\.(.+)\.(\d+)$/;

function positionsOf({ properties }: LakeTable): Positions {
  return new Map(
    Object.entries(properties).flatMap(([name, offset]) => {
      const [, topic, partition] = NEXT_OFFSET.exec(name) ?? [];
      return topic
        ? [[partitionOf(topic, Number(partition)), BigInt(offset)] as const]
        : [];
    }),
  );
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
