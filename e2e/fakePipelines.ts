import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  ConnectorListAnswer,
  DeadLetterAnswer,
  Run,
  RunLogLine,
  StepArguments,
  StepInfo,
  StepPlan,
} from '../plugins/naap-common/src/api.ts';
import type { Scenario } from './fakeApi.ts';

const STEPS = [
  {
    id: 'scrape',
    title: 'Scrape orchestrators',
    description: 'Asks every orchestrator how it is.',
    usualDurationMs: 4000,
  },
  {
    id: 'commit',
    title: 'Commit to the lake',
    description: 'The event log into the Iceberg tables.',
    usualDurationMs: 900,
  },
  {
    id: 'build',
    title: 'Build gold',
    description: 'dbt: bronze to silver to gold, with the data tests.',
    usualDurationMs: 20_000,
  },
  {
    id: 'sync',
    title: 'Sync to ClickHouse',
    description: 'Days of gold that changed, into what is served.',
    usualDurationMs: 1400,
  },
  {
    id: 'maintain',
    title: 'Maintain the lake',
    description: 'Compacts small files, expires snapshots.',
    usualDurationMs: null,
  },
  {
    id: 'compare',
    title: 'Compare with Kafka',
    description: 'Whether the lake has each message of Kafka once.',
    usualDurationMs: null,
  },
  {
    id: 'replay',
    title: 'Replay',
    description: 'Judges what the lake holds anew.',
    usualDurationMs: null,
  },
] as const;

/** No Kafka Connect is configured. */
const NO_CONNECTORS: ConnectorListAnswer = {
  rows: [],
  deadLetters: null,
  problems: [],
  may: { pause: false, resume: false, restart: false },
};

const CONNECTORS: ConnectorListAnswer = {
  rows: (['events', 'quarantine', 'batches'] as const).map((table, i) => ({
    name: `bronze-${table}`,
    topics: [`naap.${table}`],
    table: `bronze.${table}`,
    state: (['running', 'failed', 'paused'] as const)[i],
    error:
      i === 1
        ? 'ConnectException: <img src=x onerror="window.__hacked=1"> at s3:9000'
        : null,
    lag: [12, 48_213, null][i],
    committedAt: i === 2 ? null : new Date(Date.now() - 15_000).toISOString(),
    drift:
      i === 2
        ? [
            {
              what: 'iceberg.control.commit.interval-ms',
              is: '60000',
              should: '20000',
            },
          ]
        : [],
  })),
  deadLetters: 1,
  problems: [],
  may: { pause: true, resume: true, restart: true },
};

const DEAD_LETTERS: DeadLetterAnswer = {
  total: 1,
  raw_readable: true,
  rows: [
    {
      partition: 0,
      offset: '0',
      at: '2026-01-15T10:00:00.000Z',
      connector: 'bronze-events',
      source: {
        topic: 'naap.events',
        partition: 3,
        offset: '9007199254740993',
      },
      stage: 'VALUE_CONVERTER',
      error: 'DataException',
      message: 'Unrecognized token <script>window.__hacked=1</script>',
      raw_base64: Buffer.from('{"event_id": <b>').toString('base64'),
      raw_length: 16,
    },
  ],
};

/** What the loop runs. */
const LOOPED = STEPS.filter(({ id }) =>
  ['commit', 'build', 'sync'].includes(id),
);

const PARAMETERS: Record<string, StepInfo['parameters']> = {
  build: [
    {
      name: 'full',
      type: 'flag',
      title: 'Full rebuild',
      description: 'Everything anew instead of what changed.',
    },
    {
      name: 'model',
      type: 'model',
      title: 'Model',
      description: 'This model and its children anew, after what changed.',
    },
  ],
  sync: [
    {
      name: 'days',
      type: 'days',
      title: 'Days',
      description: 'Only these days.',
    },
  ],
};

const DETAILS = {
  buildId: '20261124T143200',
  full: false,
  skipped: null,
  tests: { passed: 238, failed: 2, warned: 1 },
  failures: [
    'not_null_fct_requests_model',
    'unique_kpi_hourly_key_of_all_its_dimensions_which_is_a_long_name',
  ],
  models: [
    { name: 'fct_requests', ms: 6200, rows: 25_311 },
    { name: 'kpi_hourly', ms: 2900, rows: 5021 },
    { name: 'kpi_latency_hourly', ms: 3100, rows: 60_412 },
    { name: 'dim_orchestrators', ms: 140, rows: 1000 },
  ],
  seconds: 20.4,
};

/** What a comparison of Kafka and lake found: all, a message that is missing, and what nobody knows. */
const COMPARED = {
  partitions: [0, 1, 2].map(partition => ({
    topic: 'network_events',
    partition,
    read: partition === 2 ? null : 1_203_994,
    missing: partition === 2 ? null : partition,
    repeated: 0,
    surplus: 0,
    gaps: partition,
    overlaps: 0,
  })),
};

const LOG_LINES = 4000;
// As they may come from a stranger's message.
const HOSTILE = '<img src=x onerror="window.__hacked=1">';

/** Runs, steps and logs out of thin air; what is started runs for a second and writes thousands of lines. */
export class FakePipelines {
  /** Whether the caller may run steps. */
  mayRun = true;
  /** How many more lines the stream of a log sends before it breaks once. */
  breakAfter = Infinity;
  /** How long a running run rests after a hundred lines, ms. */
  pauseMs = 25;
  readonly #runs: Run[] = fakeHistory();
  readonly #plan = { delayMs: 50 };

  /** Answers what is about steps and runs; false for any other route. */
  async answer(
    scenario: Scenario,
    path: string,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    const [, room, id, action] = path.split('/');
    if (!['steps', 'runs', 'connectors', 'dead-letters'].includes(room)) {
      return false;
    }
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
      return true;
    };
    if (room === 'connectors') {
      return send(200, scenario === 'normal' ? CONNECTORS : NO_CONNECTORS);
    }
    if (room === 'dead-letters') {
      return send(200, DEAD_LETTERS);
    }
    const body: StepArguments & {
      step?: Run['step'];
      arguments?: StepArguments;
    } = request.method === 'POST' ? await readJson(request) : {};
    if (room === 'steps' && action === 'plan') {
      await new Promise(resolve => setTimeout(resolve, this.#plan.delayMs));
      return send(200, plan(id as Run['step'], body));
    }
    if (room === 'steps') {
      return send(200, {
        rows: scenario === 'empty' ? [] : this.#steps(scenario),
      });
    }
    if (request.method === 'POST' && !id) {
      return send(202, this.#start(body.step ?? 'build', body.arguments ?? {}));
    }
    if (!id) {
      return send(200, this.#list(scenario, url.searchParams));
    }
    const run = this.#runs.find(candidate => candidate.id === id);
    if (!run) {
      return send(404, {
        error: { name: 'NotFoundError', message: `There is no run '${id}'` },
        response: { statusCode: 404 },
      });
    }
    if (action === 'cancel') {
      this.#end(run, 'cancelled');
      return send(200, run);
    }
    if (action === 'retry') {
      const next = this.#start(run.step, run.arguments);
      Object.assign(next, { trigger: 'retry', retryOf: run.id });
      return send(202, next);
    }
    if (action === 'stream') {
      await this.#stream(run, Number(url.searchParams.get('after')), response);
      return true;
    }
    return send(200, run);
  }

  #steps(scenario: Scenario): StepInfo[] {
    return STEPS.map(step => {
      const runs = this.#runs.filter(run => run.step === step.id);
      const over = runs.filter(run => run.finishedAt);
      return {
        ...step,
        component: `component:default/naap-${step.id}`,
        parameters: PARAMETERS[step.id] ?? [],
        permission: `naap.pipeline.${step.id}`,
        mayRun: this.mayRun,
        running: runs.find(run => run.state === 'running') ?? null,
        queued: scenario === 'wrong' ? 2 : 0,
        lastRun: over[0] ?? null,
        lastSuccess: over.find(run => run.state === 'succeeded') ?? null,
        nextRunAt:
          step.id === 'maintain'
            ? new Date(Date.now() + 3_600_000).toISOString()
            : null,
      };
    });
  }

  #list(scenario: Scenario, params: URLSearchParams) {
    const all = (name: string) => params.getAll(name);
    const rows = this.#runs.filter(
      run =>
        scenario !== 'empty' &&
        (!params.has('step') || run.step === params.get('step')) &&
        (!params.has('state') || all('state').includes(run.state)) &&
        (!params.has('trigger') || all('trigger').includes(run.trigger)),
    );
    const offset = Number(params.get('offset') ?? 0);
    const limit = Number(params.get('limit') ?? 50);
    return {
      total: rows.length,
      rows: rows.slice(offset, offset + limit),
      next: null,
    };
  }

  #start(step: Run['step'], args: StepArguments): Run {
    const now = new Date().toISOString();
    const run: Run = {
      ...EMPTY_RUN,
      id: `started-${this.#runs.length}`,
      step,
      state: 'running',
      trigger: 'manual',
      arguments: args,
      createdAt: now,
      startedAt: now,
    };
    this.#runs.unshift(run);
    return run;
  }

  #end(run: Run, state: Run['state']) {
    Object.assign(run, {
      state,
      finishedAt: new Date().toISOString(),
      durationMs: Date.now() - Date.parse(run.startedAt ?? ''),
    });
  }

  /** A run in the history says its few lines; a running one writes until it is cancelled or has written all. */
  async #stream(run: Run, after: number, response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (name: string, data: unknown) =>
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    event('run', run);
    const lines = run.state === 'running' ? LOG_LINES : 12;
    for (let seq = after + 1; seq <= lines; seq += 1) {
      event('log', logLine(seq));
      this.breakAfter -= 1;
      if (this.breakAfter === 0) {
        response.destroy();
        return;
      }
      if (seq % 100 === 0) {
        await new Promise(resolve => setTimeout(resolve, this.pauseMs));
        if (run.state !== 'running' || response.destroyed) {
          break;
        }
      }
    }
    if (run.state === 'running' && !response.destroyed) {
      this.#end(run, 'succeeded');
      Object.assign(run, { rows: 90_744, changed: true, details: DETAILS });
    }
    event('run', run);
    response.end();
  }
}

function logLine(seq: number): RunLogLine {
  const level = seq % 50 === 0 ? 'error' : seq % 10 === 0 ? 'warn' : 'info';
  return {
    seq,
    at: new Date().toISOString(),
    level,
    message:
      seq === 3
        ? `model ${HOSTILE} of a stranger`
        : `line ${seq} of the build\n  with a second line`,
  };
}

const EMPTY_RUN: Run = {
  id: '',
  step: 'build',
  state: 'succeeded',
  trigger: 'manual',
  startedBy: 'user:development/guest',
  arguments: {},
  retryOf: null,
  createdAt: '',
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  rows: null,
  changed: null,
  details: null,
  error: null,
};

/** Every state, by hand, and many runs of the loop; newest first. */
function fakeHistory(): Run[] {
  const now = Date.now();
  const of = (id: string, agoMs: number, facts: Partial<Run>): Run => {
    const startedAt = now - agoMs;
    const durationMs = facts.durationMs ?? 20_400;
    return {
      ...EMPTY_RUN,
      id,
      createdAt: new Date(startedAt - 1500).toISOString(),
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: new Date(startedAt + durationMs).toISOString(),
      durationMs,
      ...facts,
    };
  };
  const noted = [
    of('good', 120_000, { rows: 90_744, changed: true, details: DETAILS }),
    of('failed', 600_000, {
      state: 'failed',
      trigger: 'action',
      startedBy: 'user:default/operator',
      arguments: { model: 'kpi_hourly' },
      error: `Model kpi_hourly failed: Conversion Error: could not convert '${HOSTILE}' to DOUBLE\n  at line 41 of kpi_hourly.sql\n${'x'.repeat(
        300,
      )}`,
    }),
    of('lost', 1_200_000, {
      state: 'lost',
      trigger: 'schedule',
      startedBy: 'loop',
      durationMs: null,
      finishedAt: null,
    }),
    of('recovery', 1_190_000, { trigger: 'recovery', retryOf: 'lost' }),
    of('cancelled', 1_800_000, {
      state: 'cancelled',
      arguments: { full: true },
    }),
    of('compared', 20_000_000, { step: 'compare', details: COMPARED }),
    of('days', 2_400_000, {
      step: 'sync',
      arguments: { days: ['2026-01-07', '2026-01-08'] },
      details: { replaced: ['2026-01-07', '2026-01-08'], rows: 7133 },
      rows: 7133,
      durationMs: 1500,
    }),
  ];
  const loop = Array.from({ length: 120 }, (_, i) =>
    of(`loop-${i}`, 30_000 + i * 60_000, {
      step: LOOPED[i % LOOPED.length].id,
      trigger: 'loop',
      startedBy: 'loop',
      durationMs: LOOPED[i % LOOPED.length].usualDurationMs,
      rows: i,
    }),
  );
  return [...noted, ...loop].sort((a, b) =>
    a.createdAt < b.createdAt ? 1 : -1,
  );
}

function plan(step: Run['step'], args: StepArguments): StepPlan {
  const models = args.model
    ? [args.model, 'kpi_latency_hourly']
    : ['fct_requests', 'kpi_hourly', 'kpi_latency_hourly'];
  return {
    step,
    arguments: args,
    summary: args.full
      ? 'Makes all of gold anew from every event in the lake.'
      : `Builds ${models.length} models from what came since the last build.`,
    touches:
      step === 'sync'
        ? (args.days ?? ['2026-01-08']).map(name => ({
            kind: 'day' as const,
            name,
            rows: 7133,
            note: null,
          }))
        : models.map(name => ({
            kind: 'model' as const,
            name,
            rows: name === 'kpi_hourly' ? 5021 : null,
            note: args.full ? 'dropped and made anew' : null,
          })),
  };
}

async function readJson(request: IncomingMessage) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return JSON.parse(text || '{}');
}
