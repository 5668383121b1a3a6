import type {
  IngestCounts,
  ReplayOptions,
  ReplaySummary,
} from '@naap/ingestion';
import type {
  BronzeTable,
  BuildResult,
  MaintainResult,
  PartitionCoordinates,
} from '@naap/lakehouse';
import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  InventoryAnswer,
  KpiAnswer,
  KpiQuery,
  PageQuery,
  RequestAnswer,
  RequestQuery,
  SyncResult,
  TargetAnswer,
  TargetQuery,
} from '@naap/serving';
import type { Readable } from 'node:stream';
import type { KafkaTopic } from '../kafka';

/** Hears how work goes. */
export interface Listener {
  /** Where it is now; what comes too fast to read may be dropped. */
  update(text: string): void;
  /** A word that counts. */
  done(text: string): void;
}

/** Messages that are read to their end, or until the signal aborts. */
export interface Input {
  name: string;
  open(signal: AbortSignal): Readable;
}

export interface Ingested {
  /** Of what is durable. */
  counts: IngestCounts;
  /** What could not be read to its end, in words. */
  failures: string[];
}

/** What a build makes anew beside what arrived: everything, or what the messages of some days (`YYYY-MM-DD`) say. */
export type BuildChoice = { full: boolean; days?: string[] };

/**
 * All that commands ask of the platform on a home, whoever runs it: every
 * command means the same through each implementation.
 */
export interface Platform {
  /**
   * Raw messages → lake, each in one class. An input that breaks off is among
   * the failures and the next one is read; nothing more is opened once the signal aborts.
   */
  ingest(
    inputs: readonly Input[],
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested>;
  /** A part of a topic of Kafka → lake, read once. One that breaks off is a failure. */
  ingestTopic(
    topic: KafkaTopic,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Ingested>;
  /** Messages that belong together → lake: all of them are durable, or none. */
  publish(messages: readonly Buffer[], source: string): Promise<IngestCounts>;
  /** Bronze → silver → gold: what arrived, or everything anew. Failed data tests are in the result. */
  build(options: BuildChoice, listener: Listener): Promise<BuildResult>;
  /** Gold → what is served, the days that changed. */
  sync(listener: Listener): Promise<SyncResult>;
  /** Compacts the lake and lets old snapshots go. */
  maintain(listener: Listener): Promise<Record<BronzeTable, MaintainResult>>;
  /** Whether the lake has each message of the topics of Kafka that it was filled from, once. */
  compare(listener: Listener): Promise<PartitionCoordinates[]>;
  /** Judges what the lake holds anew. */
  replay(options: ReplayOptions, listener: Listener): Promise<ReplaySummary>;

  /** What is served, in pages. */
  kpis(query: KpiQuery): Promise<KpiAnswer>;
  requests(query: RequestQuery): Promise<RequestAnswer>;
  availability(query: AvailabilityQuery): Promise<AvailabilityAnswer>;
  targets(query: TargetQuery): Promise<TargetAnswer>;
  inventory(query: PageQuery): Promise<InventoryAnswer>;

  /** Lets go what it opened. */
  close(): Promise<void>;
}
