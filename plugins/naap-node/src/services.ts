import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  ConnectorAction,
  ConnectorListAnswer,
  ContestedAnswer,
  DeadLetterRow,
  DimensionAnswer,
  DimensionQuery,
  GpuAnswer,
  GpuQuery,
  IngestStatsAnswer,
  IngestStatsQuery,
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
  SupplyAnswer,
  SupplyQuery,
  SwapAnswer,
  SwapQuery,
  TargetAnswer,
  TargetQuery,
} from '@naap/plugin-naap-common';
import type { Readable } from 'node:stream';

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
  /** Class counts per UTC hour in which the messages came in, as far as they are served. */
  ingestStats(query: IngestStatsQuery): Promise<IngestStatsAnswer>;
  /** Every orchestrator and model ever seen. */
  inventory(page: PageQuery): Promise<InventoryAnswer>;
  /** URLs that capability reports give to several addresses. */
  contested(page: PageQuery): Promise<ContestedAnswer>;
  /** The tables, with their rows. */
  tables(): Promise<ServingTable[]>;
  state(): Promise<ServedState>;
}

/**
 * What the API reads raw events and quarantine from: the Iceberg tables. Lists are bounded as those of the
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
}

/** The connectors that write the lake, where Kafka Connect does. Who may do what is not asked here. */
export interface Connectors {
  /** Never rejects: what can't be asked is among the problems. */
  list(): Promise<Omit<ConnectorListAnswer, 'may'>>;
  /** Rejects with a NotFoundError for a connector that is not declared, and a ServiceUnavailableError. */
  change(connector: string, action: ConnectorAction): Promise<void>;
  /** The newest records that connectors could not read. Rejects with a ServiceUnavailableError. */
  deadLetters(limit: number): Promise<{ total: number; rows: DeadLetterRow[] }>;
}
