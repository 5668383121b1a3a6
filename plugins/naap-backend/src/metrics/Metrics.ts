import {
  IngestAnswer,
  Run,
  RUN_STATES,
  STEP_IDS,
} from '@naap/plugin-naap-common';
import type { LayerCounter } from '@naap/plugin-naap-node';
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
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
  readonly #messages = new Counter({
    name: 'naap_messages_total',
    help: 'Messages brought to this process, by class',
    labelNames: ['class'],
    registers: [this.#registry],
  });
  readonly #quarantined = new Counter({
    name: 'naap_messages_quarantined_total',
    help: 'Ignored and rejected messages brought to this process, by reason',
    labelNames: ['reason'],
    registers: [this.#registry],
  });
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
    /** ISO 8601. */
    watermark: () => Promise<string | null>;
    eventToServedP95Ms: () => number | null;
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
      async () => {
        const watermark = await sources.watermark();
        return watermark === null
          ? NaN
          : (Date.now() - Date.parse(watermark)) / 1000;
      },
    );
    this.#gauge(
      'naap_event_to_served_p95_seconds',
      'p95 of sync finished − event received over the last syncs; NaN before the first',
      () => (sources.eventToServedP95Ms() ?? NaN) / 1000,
    );
    this.#gauge(
      'naap_runs_queued',
      'Runs that wait, in all replicas',
      sources.runsQueued,
    );
  }

  /** What one request brought. */
  ingested(answer: IngestAnswer): void {
    for (const name of CLASSES) {
      this.#messages.inc({ class: name }, answer[name]);
    }
    for (const [reason, messages] of Object.entries(answer.reasons)) {
      this.#quarantined.inc({ reason }, messages);
    }
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
