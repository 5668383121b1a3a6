import { Run } from '@naap/plugin-naap-common';

/** What the last run of the step `compare` found of a partition of a topic; null: it does not say. */
export interface ComparedPartition {
  name: string;
  read: number | null;
  missing: number | null;
  repeated: number | null;
  surplus: number | null;
  gaps: number | null;
  overlaps: number | null;
}

const COUNTS = [
  'read',
  'missing',
  'repeated',
  'surplus',
  'gaps',
  'overlaps',
] as const;

const numberOf = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Reads what a run reports, which may be of another version; null: it reports no partitions. */
export function comparedPartitions(
  details: Run['details'],
): ComparedPartition[] | null {
  const partitions = details?.partitions;
  if (!Array.isArray(partitions)) return null;
  return partitions.map(partition => {
    const counts = COUNTS.map(name => [name, numberOf(partition?.[name])]);
    return {
      name: `${partition?.topic}/${partition?.partition}`,
      ...(Object.fromEntries(counts) as Record<
        (typeof COUNTS)[number],
        number | null
      >),
    };
  });
}

/** Whether each message is there, once; null: nothing says that it is not, and not all is known. */
export function isComplete({
  missing,
  repeated,
  surplus,
}: ComparedPartition): boolean | null {
  const faults = [missing, repeated, surplus];
  if (faults.some(n => n !== null && n > 0)) return false;
  return faults.includes(null) ? null : true;
}
