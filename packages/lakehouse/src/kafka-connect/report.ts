import type {
  ConnectorConfig,
  ConnectorOffset,
  ConnectorStatus,
  ConnectState,
} from './ConnectClient';

/** The words of an error that are shown; stacks are Connect's. */
const MOST_WORDS = 500;

/** Where a partition of a topic begins and ends. */
export interface PartitionRange {
  topic: string;
  partition: number;
  /** Of the first record that is kept. */
  low: bigint;
  /** After the last one. */
  end: bigint;
}

/** Null: nobody has made it. */
export type ConnectorState = ConnectState | null;

/** A connector and its tasks as one: what failed is what counts. */
export function stateOf(status: ConnectorStatus | null): ConnectorState {
  if (!status) return null;
  const hasFailed = [status, ...status.tasks].some(
    ({ state }) => state === 'FAILED',
  );
  return hasFailed ? 'FAILED' : status.state;
}

/** The cause of all in a stack of Java: its last `Caused by`. */
function causeOf(trace: string): string {
  const causes = trace
    .split('\n')
    .filter((line, i) => i === 0 || line.startsWith('Caused by: '));
  return causes.at(-1)!.replace('Caused by: ', '').trim().slice(0, MOST_WORDS);
}

/** What a connector or a task of it failed of, in a line; null: nothing has. */
export function errorOf(status: ConnectorStatus | null): string | null {
  const failed = status
    ? [status, ...status.tasks].find(({ state }) => state === 'FAILED')
    : undefined;
  if (!failed) return null;
  return failed.trace ? causeOf(failed.trace) : 'Connect does not say why';
}

/**
 * Records that a connector has yet to write, about: marks of transactions are counted as records. Only the one that
 * each partition of the gate's topics ends with is known for what it is.
 */
export function lagOf(
  offsets: readonly ConnectorOffset[],
  ranges: readonly PartitionRange[],
): number {
  const at = new Map(
    offsets.map(({ topic, partition, offset }) => [
      `${topic}/${partition}`,
      offset,
    ]),
  );
  return ranges.reduce((lag, { topic, partition, low, end }) => {
    const offset = at.get(`${topic}/${partition}`) ?? low;
    const left = Number(end - (offset > low ? offset : low));
    return lag + Math.max(0, left - 1);
  }, 0);
}

/** Topics that a connector reads. */
export function topicsOf({ topics = '' }: ConnectorConfig): string[] {
  return topics
    .split(',')
    .map(topic => topic.trim())
    .filter(Boolean);
}

/** The table that it writes, such as `bronze.events`; null: it says none. */
export function tableOf(config: ConnectorConfig): string | null {
  return config['iceberg.tables'] ?? null;
}
