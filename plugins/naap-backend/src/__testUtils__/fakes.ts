import { createBackendModule } from '@backstage/backend-plugin-api';
import { STEP_IDS } from '@naap/plugin-naap-common';
import type {
  AnswerMeta,
  AvailabilityQuery,
  AvailabilityRow,
  GpuQuery,
  GpuRow,
  IngestAnswer,
  KpiQuery,
  KpiRow,
  RequestQuery,
  RequestRow,
  ScoreKey,
  ScoreRow,
  StepId,
  StepParameter,
  SupplyQuery,
  SupplyRow,
  Window,
} from '@naap/plugin-naap-common';
import {
  Append,
  EventSink,
  IngestOptions,
  KpiStore,
  LakeReader,
  naapServicesExtensionPoint,
  naapStepsExtensionPoint,
  StepContext,
  StepResult,
} from '@naap/plugin-naap-node';
import { RESERVE_BYTES } from '@naap/system';
import { gunzipSync } from 'node:zlib';

const META: AnswerMeta = {
  build: null,
  watermark: '2026-01-08T22:00:00.000Z',
  syncedAt: null,
  firstHour: null,
  lastHour: null,
  simulated: false,
  freshnessMs: 1,
  window: { from: null, to: null, state: null },
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
  swapped: false,
  swap_events: 0,
});

/** An event sink that counts lines in memory. */
export class FakeSink implements EventSink {
  readonly received: Array<{ source: string; text: string }> = [];
  readonly options: IngestOptions[] = [];
  failWith: Error | undefined;
  free = 50e9;
  #next = 0;
  #listener: (append: Append) => void = () => {};

  async ingest(
    messages: AsyncIterable<Buffer>,
    source: string,
    options: IngestOptions = {},
  ): Promise<IngestAnswer> {
    if (this.failWith) throw this.failWith;
    const chunks: Buffer[] = [];
    for await (const chunk of messages) {
      if (this.failWith) throw this.failWith;
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
      nextOffset: this.#next,
    };
  }

  async storage() {
    return { freeBytes: this.free, full: this.free < RESERVE_BYTES };
  }

  append(accepted: number) {
    this.#next += accepted;
    this.#listener({
      nextOffset: this.#next,
      receivedAt: Date.now(),
      accepted,
    });
  }

  nextOffset() {
    return this.#next;
  }

  async release() {}

  onAppend(listener: (append: Append) => void) {
    this.#listener = listener;
  }
}

/** A KPI store that remembers what it was asked and answers the given rows. */
export class FakeKpiStore implements KpiStore {
  readonly asked: Array<
    KpiQuery | RequestQuery | SupplyQuery | GpuQuery | AvailabilityQuery
  > = [];
  rows: RequestRow[] = [];
  kpiRows: KpiRow[] = [];
  scoreRows: ScoreRow[] = [];
  supplyRows: SupplyRow[] = [];
  gpuRows: GpuRow[] = [];
  availabilityRows: AvailabilityRow[] = [];
  pipelines: string[] = [];
  failWith: Error | undefined;

  async kpis(query: KpiQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.kpiRows };
  }

  async scores(query: Omit<KpiQuery, 'by'>, by: ScoreKey) {
    this.asked.push({ ...query, by: [by] });
    return { meta: META, rows: this.scoreRows };
  }

  async targets(window: Window) {
    this.asked.push(window);
    return { meta: META, rows: [] };
  }

  async supply(query: SupplyQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.supplyRows };
  }

  async availability(query: AvailabilityQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.availabilityRows };
  }

  async gpus(query: GpuQuery) {
    this.asked.push(query);
    return { meta: META, rows: this.gpuRows };
  }

  async swaps(query: Omit<KpiQuery, 'by'>) {
    this.asked.push(query);
    return { meta: META, rows: [] };
  }

  async inventory() {
    return { meta: META, orchestrators: [], models: [], deploys: [] };
  }

  async requests(query: RequestQuery) {
    this.asked.push(query);
    const rows = this.rows.filter(
      r =>
        (!query.requestId || r.request_id === query.requestId) &&
        (!query.streamId || r.stream_id === query.streamId),
    );
    return { meta: META, total: rows.length, rows: rows.slice(0, query.limit) };
  }

  async dimensions() {
    return {
      meta: META,
      values: {
        orchestrator: [],
        model: [],
        gateway: [],
        region: [],
        gpu: [],
        pipeline: this.pipelines.map(value => ({ value, requests: 1 })),
      },
    };
  }

  async state() {
    if (this.failWith) throw this.failWith;
    const { freshnessMs, window, ...state } = META;
    return state;
  }
}

export class FakeLakeReader implements LakeReader {
  readonly asked: object[] = [];

  async requestEvents(request: RequestRow) {
    return [
      {
        event_id: 'e1',
        type: 'stream_trace',
        subtype: 'gateway_receive_stream_request',
        event_time: request.requested_at,
        envelope_time: request.requested_at,
        gateway: null,
        raw: '{"id":"e1"}',
      },
    ];
  }

  async quarantine(query: object) {
    this.asked.push(query);
    return { total: 0, rows: [] };
  }

  async ingestStats(window: object) {
    this.asked.push(window);
    return [];
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

/** Steps that record their runs; `on` decides what a run does. */
export class FakeSteps {
  readonly ran: StepId[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  on: (id: StepId, context: StepContext) => Promise<StepResult> = async () => ({
    changed: false,
    details: {},
  });

  step(id: StepId) {
    return {
      id,
      title: id,
      description: id,
      parameters: PARAMETERS[id] ?? [],
      plan: async () => ({ summary: id, touches: [] }),
      run: async (context: StepContext) => {
        this.ran.push(id);
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
        try {
          return await this.on(id, context);
        } finally {
          this.atOnce--;
        }
      },
    };
  }
}

/** All that the layers bring, as one module of fakes. */
export function fakeLayers() {
  const sink = new FakeSink();
  const kpiStore = new FakeKpiStore();
  const lakeReader = new FakeLakeReader();
  const steps = new FakeSteps();
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
          services.setEventSink(sink);
          services.setKpiStore(kpiStore);
          services.setLakeReader(lakeReader);
          services.onClose(async () => {
            closed.times++;
          });
          for (const id of STEP_IDS) stepsPoint.addStep(steps.step(id));
        },
      });
    },
  });
  return { sink, kpiStore, lakeReader, steps, closed, module };
}
