import type { IngestCounts, Reported } from '@naap/ingestion';

/** Where rounds go. */
export interface Destination {
  /** The orchestrators that capability reports there named. */
  reported(): Promise<readonly Reported[]>;
  /** The messages of a round, which are durable when it resolves. */
  publish(messages: readonly Buffer[], source: string): Promise<IngestCounts>;
  close(): Promise<void>;
}
