import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  DimensionAnswer,
  GpuAnswer,
  GpuQuery,
  IngestAnswer,
  IngestStatsRow,
  InventoryAnswer,
  KpiAnswer,
  KpiQuery,
  QuarantineAnswer,
  QuarantineClass,
  RequestAnswer,
  RequestEvent,
  RequestQuery,
  RequestRow,
  ScoreAnswer,
  ScoreKey,
  ServedState,
  StorageState,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  TargetAnswer,
  Window,
} from '@naap/plugin-naap-common';

/** One durable append to the event log. */
export interface Append {
  /** Offset after the last row. */
  nextOffset: number;
  /** Unix ms at which its newest message came in. */
  receivedAt: number;
  /** Accepted events in it. */
  accepted: number;
}

/** What is known of messages before they are read. */
export interface IngestOptions {
  /** `gzip`: they must be that; `identity`: they are taken as they are; without it the first bytes tell. */
  encoding?: 'gzip' | 'identity';
  /** NDJSON, or the elements of an array without its brackets; without it the first bytes tell. */
  format?: 'lines' | 'array';
  /** Most bytes that are taken, unpacked. */
  maxBytes?: number;
  /** Names them: brought again under the same key, what was taken of them is counted once. */
  key?: string;
}

/** Where raw messages go in: the event log embedded, Kafka distributed. */
export interface EventSink {
  /**
   * Reads raw messages (NDJSON or one JSON array, gzip or not) to the end and answers their classes once they are durable.
   * On an error what was appended before it stays, and the message says how much; sending the same again only makes duplicates.
   *
   * @throws ServiceUnavailableError when it takes nothing now, such as when the disk is full; then before it has read anything;
   *   ConflictError when the same key is brought at the moment; an error with `statusCode` 400 or 413 when they can't be read
   *   or are too many
   */
  ingest(
    messages: AsyncIterable<Buffer>,
    source: string,
    options?: IngestOptions,
  ): Promise<IngestAnswer>;
  /** Offset that the next row gets; rows below it wait for the commit or are in the lake. */
  nextOffset(): number;
  /** All below the offset is in the lake: what is kept of it may go. */
  release(offset: number): Promise<void>;
  storage(): Promise<StorageState>;
  /** Calls the listener after every durable append. */
  onAppend(listener: (append: Append) => void): void;
}

/** What the API reads KPIs and requests from: ClickHouse. */
export interface KpiStore {
  kpis(query: KpiQuery): Promise<KpiAnswer>;
  requests(query: RequestQuery): Promise<RequestAnswer>;
  dimensions(window: Window): Promise<DimensionAnswer>;
  /** SLA scores (docs/kpis.md §4) by key. */
  scores(query: Omit<KpiQuery, 'by'>, by: ScoreKey): Promise<ScoreAnswer>;
  /** Targets per model for a window. */
  targets(window: Window): Promise<TargetAnswer>;
  /** Capacity that capability reports tell of. */
  supply(query: SupplyQuery): Promise<SupplyAnswer>;
  /** What the scraper found at orchestrators. */
  availability(query: AvailabilityQuery): Promise<AvailabilityAnswer>;
  gpus(query: GpuQuery): Promise<GpuAnswer>;
  /** Swaps from and to orchestrators; a filter on `orchestrator` matches either end. */
  swaps(query: Omit<KpiQuery, 'by'>): Promise<SwapAnswer>;
  /** Every orchestrator and model ever seen. */
  inventory(): Promise<InventoryAnswer>;
  state(): Promise<ServedState>;
}

/** What the API reads raw events, quarantine and class counts from: the Iceberg tables. */
export interface LakeReader {
  /** The events of one request, late ones too, oldest first. */
  requestEvents(request: RequestRow): Promise<RequestEvent[]>;
  quarantine(query: {
    class?: QuarantineClass;
    reason?: string;
    limit: number;
    offset: number;
  }): Promise<QuarantineAnswer>;
  /** Class counts per UTC hour in which the messages came in. */
  ingestStats(window: Window): Promise<IngestStatsRow[]>;
}
