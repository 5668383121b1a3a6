import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  ContestedAnswer,
  DimensionAnswer,
  DimensionQuery,
  GpuAnswer,
  GpuQuery,
  IngestAnswer,
  IngestStatsAnswer,
  InventoryAnswer,
  KpiAnswer,
  KpiFilter,
  KpiQuery,
  MessagePlace,
  Page,
  PageQuery,
  QuarantineAnswer,
  QuarantineQuery,
  RequestAnswer,
  RequestEvent,
  RequestQuery,
  RequestRow,
  ScoreAnswer,
  ScoreQuery,
  ServedState,
  ServingTable,
  StorageState,
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SwapQuery,
  TargetAnswer,
  TargetQuery,
  Window,
} from '@naap/plugin-naap-common';
import type { Readable } from 'node:stream';

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
  /** A message a line, or the elements of an array without its brackets; without it what it says tells. */
  format?: 'lines' | 'array';
  /** Most bytes that are taken, unpacked. */
  maxBytes?: number;
  /** Names them: brought again under the same key, what was taken of them is counted once. */
  key?: string;
}

/** Where raw messages go in: the event log embedded, Kafka distributed. */
export interface EventSink {
  /**
   * Reads raw messages (docs/events.md; gzip or not) to the end and answers their classes once they are durable.
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

/**
 * What the API reads KPIs and requests from: ClickHouse. Every list is answered in pages that are bounded in rows and
 * bytes. Rejects with an InputError for a cursor that can't be read, and with a ServiceUnavailableError when too much is
 * asked for at once.
 */
export interface KpiStore {
  kpis(query: KpiQuery): Promise<KpiAnswer>;
  requests(query: RequestQuery): Promise<RequestAnswer>;
  dimensions<Asked extends KpiFilter = KpiFilter>(
    query: DimensionQuery<Asked>,
  ): Promise<DimensionAnswer<Asked>>;
  /** Whether a filter has a value in any hour that is served. */
  hasValue(dimension: KpiFilter, value: string): Promise<boolean>;
  /** SLA scores (docs/kpis.md §4) by key. */
  scores(query: ScoreQuery): Promise<ScoreAnswer>;
  /** Targets per model for a window. */
  targets(query: TargetQuery): Promise<TargetAnswer>;
  /** Capacity that capability reports tell of. */
  supply(query: SupplyQuery): Promise<SupplyAnswer>;
  /** What the scraper found at orchestrators. */
  availability(query: AvailabilityQuery): Promise<AvailabilityAnswer>;
  gpus(query: GpuQuery): Promise<GpuAnswer>;
  /** Swaps from and to orchestrators; a filter on `orchestrator` matches either end. */
  swaps(query: SwapQuery): Promise<SwapAnswer>;
  /** Every orchestrator and model ever seen. */
  inventory(page: PageQuery): Promise<InventoryAnswer>;
  /** URLs that capability reports give to several addresses. */
  contested(page: PageQuery): Promise<ContestedAnswer>;
  /** The tables, with their rows. */
  tables(): Promise<ServingTable[]>;
  state(): Promise<ServedState>;
}

/**
 * What the API reads raw events, quarantine and class counts from: the Iceberg tables. Lists are bounded as those of the
 * KpiStore. Who may read the text of messages is not asked here.
 */
export interface LakeReader {
  /** The events of one request, late ones too, oldest first. */
  requestEvents(
    request: RequestRow,
    page: PageQuery,
  ): Promise<Page & { events: RequestEvent[] }>;
  quarantine(
    query: QuarantineQuery,
  ): Promise<Omit<QuarantineAnswer, 'raw_readable'>>;
  /** One message whole; null when the lake has none there. */
  message(place: MessagePlace): Promise<Readable | null>;
  /** Class counts per UTC hour in which the messages came in. */
  ingestStats(query: Window & PageQuery): Promise<IngestStatsAnswer>;
}
