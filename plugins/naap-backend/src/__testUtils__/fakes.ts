import {
  createBackendFeatureLoader,
  createBackendModule,
  createServiceFactory,
  type ServiceRef,
} from '@backstage/backend-plugin-api';
import {
  type EventBus,
  logPositions,
  type Positions,
  positionsText,
  type Published,
  type PublishOptions,
} from '@naap/ingestion';
import { KPI_FILTERS, STEP_IDS } from '@naap/plugin-naap-common';
import type {
  AnswerMeta,
  ConnectorAction,
  ConnectorInfo,
  DeadLetterRow,
  AvailabilityQuery,
  AvailabilityRow,
  ContestedUrl,
  DimensionAnswer,
  DimensionQuery,
  GpuQuery,
  IngestStatsQuery,
  IngestTotals,
  GpuRow,
  KpiFilter,
  KpiQuery,
  KpiRow,
  MessagePlace,
  QuarantineRow,
  RequestEvent,
  RequestQuery,
  RequestRow,
  ScoreQuery,
  ScoreRow,
  StepId,
  StepParameter,
  SupplyQuery,
  SupplyRow,
  SwapQuery,
  TargetQuery,
} from '@naap/plugin-naap-common';
import {
  Connectors,
  eventBusServiceRef,
  KpiStore,
  kpiStoreServiceRef,
  LakeReader,
  lakeReaderServiceRef,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  PipelineStep,
  StepContext,
  StepProgress,
  StepResult,
  storageServiceRef,
  Touches,
} from '@naap/plugin-naap-node';
import { RESERVE_BYTES } from '@naap/system';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';

const META: AnswerMeta = {
  build: null,
  watermark: '2026-01-08T22:00:00.000Z',
  syncedAt: null,
  firstHour: null,
  lastHour: null,
  simulated: false,
  freshnessMs: 1,
  window: { from: null, to: null, grain: '1h', state: null },
};

export const requestRow = (
  stream_id: string,
  request_id: string,
): RequestRow => ({
  stream_id,
  request_id,
  requested_at: '2026-01-08T21:45:40.000Z',
  hour: '2026-01-08T21:00:00.000Z',
  gateway: '',
  region: null,
  orchestrator: null,
  identity: null,
  orch_uri: null,
  model: null,
  pipeline: null,
  gpu: null,
  warm: null,
  ptff_ms: null,
  e2e_ms: null,
  startup_ms: null,
  overlay: false,
  fps_mean: null,
  fps_samples: 0,
  jitter: null,
  outcome: 'ok',
  reason: null,
  error_events: 0,
  restarts: 0,
  swapped: false,
  swap_events: 0,
});

/** A bus that counts lines in memory. */
export class FakeBus implements EventBus {
  readonly received: Array<{ source: string; text: string }> = [];
  readonly options: PublishOptions[] = [];
  failWith: Error | undefined;
  free = 50e9;
  #next = 0;

  async publish(
    messages: AsyncIterable<Buffer>,
    source: string,
    options: PublishOptions = {},
  ): Promise<Published> {
    await this.check();
    const chunks: Buffer[] = [];
    for await (const chunk of messages) {
      await this.check();
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const text = String(
      options.encoding === 'gzip' ? gunzipSync(bytes) : bytes,
    );
    this.options.push(options);
    this.received.push({ source, text });
    const read = text.split('\n').filter(Boolean).length;
    this.append(read);
    return {
      read,
      accepted: read,
      ignored: 0,
      rejected: 0,
      duplicate: 0,
      reasons: {},
      positions: await this.positions(),
    };
  }

  async positions() {
    return logPositions(this.#next);
  }

  async check() {
    if (this.failWith) throw this.failWith;
  }

  async storage() {
    return { freeBytes: this.free, full: this.free < RESERVE_BYTES };
  }

  append(accepted: number) {
    this.#next += accepted;
  }
}

/** A KPI store that remembers what it was asked and answers the given rows. */
export class FakeKpiStore implements KpiStore {
  readonly asked: Array<
    | KpiQuery
    | RequestQuery
    | ScoreQuery
    | SupplyQuery
    | GpuQuery
    | AvailabilityQuery
  > = [];
  rows: RequestRow[] = [];
  kpiRows: KpiRow[] = [];
  scoreRows: ScoreRow[] = [];
  supplyRows: SupplyRow[] = [];
  gpuRows: GpuRow[] = [];
  contestedRows: ContestedUrl[] = [];
  availabilityRows: AvailabilityRow[] = [];
  ingestTotal: IngestTotals = {
    read: 0,
    accepted: 0,
    ignored: 0,
    rejected: 0,
    duplicate: 0,
    reasons: {},
  };
  pipelines: string[] = [];
  failWith: Error | undefined;

  async kpis(query: KpiQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.kpiRows, next: null };
  }

  async scores(query: ScoreQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.scoreRows, next: null };
  }

  async targets(query: TargetQuery) {
    this.asked.push(query);
    return { meta: META, rows: [], next: null };
  }

  async supply(query: SupplyQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.supplyRows, next: null };
  }

  async availability(query: AvailabilityQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.availabilityRows, next: null };
  }

  async gpus(query: GpuQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.gpuRows, next: null };
  }

  async ingestStats(query: IngestStatsQuery) {
    this.asked.push(query);
    return { meta: META, total: this.ingestTotal, rows: [], next: null };
  }

  async swaps(query: SwapQuery) {
    this.asked.push(query);
    return { meta: META, rows: [], next: null };
  }

  async inventory() {
    return {
      meta: META,
      orchestrators: [],
      models: [],
      deploys: [],
      next: null,
    };
  }

  async contested() {
    return { meta: META, rows: this.contestedRows, next: null };
  }

  async requests(query: RequestQuery) {
    this.asked.push(query);
    const rows = this.rows.filter(
      r =>
        (!query.requestId || r.request_id === query.requestId) &&
        (!query.streamId || r.stream_id === query.streamId),
    );
    return {
      meta: META,
      total: rows.length,
      rows: rows.slice(0, query.limit),
      next: null,
    };
  }

  async dimensions<Asked extends KpiFilter>({
    dimension,
  }: DimensionQuery<Asked>): Promise<DimensionAnswer<Asked>> {
    const asked = dimension ? [dimension] : KPI_FILTERS;
    const values = asked.map(name => [
      name,
      name === 'pipeline'
        ? this.pipelines.map(value => ({ value, requests: 1 }))
        : [],
    ]);
    const totals = values.map(([name, { length }]) => [name, length]);
    return {
      meta: META,
      values: Object.fromEntries(values),
      totals: Object.fromEntries(totals),
      next: null,
    };
  }

  async hasValue(dimension: KpiFilter, value: string) {
    return dimension === 'pipeline' && this.pipelines.includes(value);
  }

  async tables() {
    return [];
  }

  async state() {
    if (this.failWith) throw this.failWith;
    const { freshnessMs, window, ...state } = META;
    return state;
  }
}

const RAW = '{"id":"e1"}';

/** An event with nothing in it, of the time of a request. */
export const requestEvent = (at: string): RequestEvent => ({
  event_id: 'e1',
  type: 'stream_trace',
  subtype: 'gateway_receive_stream_request',
  event_time: at,
  envelope_time: at,
  gateway: null,
  topic: 'network_events',
  partition: 0,
  offset: 1,
  state: null,
  fps: null,
  input_fps: null,
  message: null,
  orch_uri: null,
  started_at: null,
  last_output_at: null,
  said_at: null,
  state_since: null,
  raw: RAW,
  raw_length: RAW.length,
});

export class FakeLakeReader implements LakeReader {
  readonly asked: object[] = [];
  /** Of every event. */
  raw = RAW;
  quarantined: QuarantineRow[] = [];
  /** Messages by offset. */
  readonly messages = new Map<number, string>();

  async requestEvents(request: RequestRow, page: object) {
    this.asked.push(page);
    const event = requestEvent(request.requested_at);
    const { raw } = this;
    return { events: [{ ...event, raw, raw_length: raw.length }], next: null };
  }

  async quarantine(query: object) {
    this.asked.push(query);
    const rows = this.quarantined;
    return { total: rows.length, rows, next: null };
  }

  async message({ offset }: MessagePlace) {
    const text = this.messages.get(offset);
    return text === undefined ? null : Readable.from([Buffer.from(text)]);
  }
}

/** Connectors that remember what they were told. */
export class FakeConnectors implements Connectors {
  readonly told: string[] = [];
  rows: ConnectorInfo[] = [];
  letters: DeadLetterRow[] = [];

  async list() {
    const { rows, letters } = this;
    return { rows, deadLetters: letters.length, problems: [] };
  }

  async change(connector: string, action: ConnectorAction) {
    this.told.push(`${action} ${connector}`);
  }

  async deadLetters(limit: number) {
    const { letters } = this;
    return { total: letters.length, rows: letters.slice(0, limit) };
  }
}

const parameter = (
  name: StepParameter['name'],
  type: StepParameter['type'],
): StepParameter => ({ name, type, title: name, description: name });

const PARAMETERS: Partial<Record<StepId, StepParameter[]>> = {
  build: [parameter('full', 'flag'), parameter('model', 'model')],
  sync: [parameter('days', 'days')],
};

/** What the steps of the embedded layers read and write. */
export const TOUCHES: Record<StepId, Touches> = {
  scrape: { reads: [], writes: ['bus'] },
  commit: { reads: [], writes: ['lake'] },
  build: { reads: ['lake'], writes: ['gold'] },
  sync: { reads: ['gold'], writes: ['served'] },
  maintain: { reads: [], writes: ['lake'] },
  compare: { reads: [], writes: [] },
  replay: { reads: [], writes: ['lake'] },
};

/** What the stages hold, as engines in memory would tell, however many portals work on them. */
class FakeStages {
  #lake = { positions: '', snapshot: 0 };
  #gold = { of: 0, build: 0 };
  #served = 0;

  progress(step: StepId, bus: Positions): StepProgress | undefined {
    switch (step) {
      case 'commit':
        return { source: positionsText(bus), taken: this.#lake.positions };
      case 'build':
        return { source: `${this.#lake.snapshot}`, taken: `${this.#gold.of}` };
      case 'sync':
        return { source: `${this.#gold.build}`, taken: `${this.#served}` };
      default:
        return undefined;
    }
  }

  /** A run that began when the bus was so far has ended. */
  done(step: StepId, bus: Positions, changed: boolean) {
    if (step === 'commit') {
      this.#lake.positions = positionsText(bus);
      if (changed) this.#lake.snapshot++;
    } else if (step === 'build') {
      this.#gold.of = this.#lake.snapshot;
      if (changed) this.#gold.build++;
    } else if (step === 'sync') {
      this.#served = this.#gold.build;
    }
  }
}

/** Steps that record their runs; `on` decides what a run does. */
export class FakeSteps {
  readonly ran: StepId[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  on: (id: StepId, context: StepContext) => Promise<StepResult> = async () => ({
    changed: false,
    details: {},
  });

  readonly #stages = new FakeStages();

  constructor(
    private readonly bus: Pick<EventBus, 'positions'> = new FakeBus(),
  ) {}

  /** What the bus has is in the lake, without any step. */
  async brought(): Promise<void> {
    this.#stages.done('commit', await this.bus.positions(), true);
  }

  step(id: StepId): PipelineStep {
    const isOfLoop = this.#stages.progress(id, new Map()) !== undefined;
    return {
      id,
      title: id,
      description: id,
      ...TOUCHES[id],
      parameters: PARAMETERS[id] ?? [],
      plan: async () => ({ summary: id, touches: [] }),
      ...(isOfLoop && {
        progress: async (bus: Positions) => this.#stages.progress(id, bus)!,
      }),
      run: async (context: StepContext) => {
        this.ran.push(id);
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
        try {
          const bus = await this.bus.positions();
          const result = await this.on(id, context);
          if (!context.options.days) {
            this.#stages.done(id, bus, result.changed);
          }
          return result;
        } finally {
          this.atOnce--;
        }
      },
    };
  }
}

/** All that the layers bring, as one feature of fakes. */
export function fakeLayers(connectors?: Connectors) {
  const bus = new FakeBus();
  const kpiStore = new FakeKpiStore();
  const lakeReader = new FakeLakeReader();
  const steps = new FakeSteps(bus);
  const closed = { times: 0 };
  const module = createBackendModule({
    pluginId: 'naap',
    moduleId: 'fake-layers',
    register(env) {
      env.registerInit({
        deps: {
          services: naapServicesExtensionPoint,
          stepsPoint: naapStepsExtensionPoint,
        },
        async init({ services, stepsPoint }) {
          services.onClose(async () => {
            closed.times++;
          });
          if (connectors) services.setConnectors(connectors);
          for (const id of STEP_IDS) stepsPoint.addStep(steps.step(id));
        },
      });
    },
  });
  const given = <T extends object>(service: ServiceRef<T, 'plugin'>, fake: T) =>
    createServiceFactory({ service, deps: {}, factory: () => fake });
  const feature = createBackendFeatureLoader({
    loader: () => [
      module,
      given(eventBusServiceRef, bus),
      given(kpiStoreServiceRef, kpiStore),
      given(lakeReaderServiceRef, lakeReader),
      given(storageServiceRef, () => bus.storage()),
    ],
  });
  return { bus, kpiStore, lakeReader, steps, closed, feature };
}
