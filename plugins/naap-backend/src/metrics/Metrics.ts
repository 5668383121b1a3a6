import {
  IngestTotals,
  Run,
  RUN_STATES,
  ServedState,
  STEP_IDS,
} from '@naap/plugin-naap-common';
import type { LayerCounter } from '@naap/plugin-naap-node';
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { eventToServedP95Ms, freshnessMs } from '../freshness';
import { hasEnded } from '../runs';

const RUN_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

const CLASSES = ['accepted', 'duplicate', 'ignored', 'rejected'] as const;

const isFailure = (state: Run['state']) =>
  state === 'failed' || state === 'lost';

/** Label of routes that the document doesn't have: strangers' paths are no label. */
const OTHER_ROUTE = 'other';

/**
 * The platform's own metrics in Prometheus' text format. Counters begin at 0 with the process; labels are of closed sets
 * only. Null is NaN, never 0.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #runs = new Histogram({
    name: 'naap_run_duration_seconds',
    help: 'Duration of the runs that ended in this process, by step and state',
    labelNames: ['step', 'state'],
    buckets: RUN_SECONDS,
    registers: [this.#registry],
  });
  readonly #failures = new Counter({
    name: 'naap_run_failures_total',
    help: 'Runs that failed or were lost, by step',
    labelNames: ['step', 'state'],
    registers: [this.#registry],
  });
  readonly #requests = new Histogram({
    name: 'naap_api_request_duration_seconds',
    help: 'Duration of API requests, by method, route of the OpenAPI document and status',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [this.#registry],
  });

  /** @param sources - what is looked at when somebody scrapes */
  constructor(sources: {
    served: () => Promise<
      Pick<ServedState, 'watermark' | 'build' | 'syncedAt'>
    >;
    /** All that came in, as it is served; null before anything is. */
    messages: () => Promise<IngestTotals | null>;
    runsQueued: () => Promise<number>;
  }) {
    for (const step of STEP_IDS) {
      for (const state of RUN_STATES.filter(isFailure)) {
        this.#failures.inc({ step, state }, 0);
      }
    }
    this.#gauge(
      'naap_freshness_seconds',
      'now − watermark of what is served; NaN before the first event',
      async () => (freshnessMs(await sources.served()) ?? NaN) / 1000,
    );
    this.#gauge(
      'naap_event_to_served_p95_seconds',
      'p95 of sync finished − event received, of the events that the served build took; NaN where there are none',
      async () => (eventToServedP95Ms(await sources.served()) ?? NaN) / 1000,
    );
    this.#counts(
      'naap_served_messages',
      'Messages that came in, by class, as far as they are served; judged anew they may change class',
      'class',
      async () => {
        const total = await sources.messages();
        return total ? CLASSES.map(name => [name, total[name]]) : [];
      },
    );
    this.#counts(
      'naap_served_quarantined_messages',
      'Ignored and rejected messages of naap_served_messages, by reason',
      'reason',
      async () => Object.entries((await sources.messages())?.reasons ?? {}),
    );
    this.#gauge(
      'naap_runs_queued',
      'Runs that wait, in all replicas',
      sources.runsQueued,
    );
  }

  /** A run began or ended here. */
  run(run: Run): void {
    if (!hasEnded(run)) return;
    const { step, state, durationMs } = run;
    if (durationMs !== null) {
      this.#runs.observe({ step, state }, durationMs / 1000);
    }
    if (isFailure(state)) this.#failures.inc({ step, state });
  }

  /** Measures every request that passes. */
  readonly requests: RequestHandler = (req, res, next) => {
    const end = this.#requests.startTimer({ method: req.method });
    const { path } = req;
    res.once('finish', () => {
      const { openApiRoute = path === '/events' ? path : OTHER_ROUTE } =
        (req as { openapi?: { openApiRoute?: string } }).openapi ?? {};
      end({ route: openApiRoute, status: res.statusCode });
    });
    next();
  };

  /** The page that Prometheus asks for. */
  readonly page: RequestHandler = async (_req, res, next) => {
    try {
      const text = await this.#registry.metrics();
      res.set('Content-Type', this.#registry.contentType).send(text);
    } catch (error) {
      next(error);
    }
  };

  /** Shows what a layer counts. */
  count({ read, gauge, ...counter }: LayerCounter): void {
    const Kind = gauge ? Gauge : Counter;
    this.#registry.registerMetric(
      new Kind({
        ...counter,
        registers: [],
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.inc(labels, value);
        },
      }),
    );
  }

  /** Gauges by a label. Those of a source that fails are absent: the other metrics are wanted then more than ever. */
  #counts(
    name: string,
    help: string,
    label: string,
    values: () => Promise<Array<[string, number]>>,
  ): void {
    this.#registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [],
        async collect() {
          this.reset();
          for (const [of, value] of await values().catch(() => [])) {
            this.set({ [label]: of }, value);
          }
        },
      }),
    );
  }

  /** A gauge whose source fails is NaN: the other metrics are wanted then more than ever. */
  #gauge(
    name: string,
    help: string,
    value: () => number | Promise<number>,
  ): void {
    this.#registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          try {
            this.set(await value());
          } catch {
            this.set(NaN);
          }
        },
      }),
    );
  }
}
