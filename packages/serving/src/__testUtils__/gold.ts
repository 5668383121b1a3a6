import { mkdir, readdir, readFile, rm, writeFile } from 'fs/promises';
import { join } from 'path';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  BuildInfo,
  GoldDay,
  GoldDays,
  GoldSnapshot,
  GoldSource,
  GoldState,
} from '../contract';
import { SyntheticObservation, SyntheticRequest } from '../testing/network';
import { DAY_TABLES, DayTable, DimensionTable } from '../tables';

const OBSERVATION_COLUMNS = `{began_at: 'TIMESTAMPTZ', orchestrator: 'VARCHAR', url: 'VARCHAR', kind: 'VARCHAR', reachable: 'BOOLEAN',
  refused: 'BOOLEAN', masked: 'BOOLEAN', response_ms: 'DOUBLE', capacity: 'DOUBLE', in_use: 'DOUBLE', available: 'DOUBLE',
  gpus: 'STRUCT(id VARCHAR, used DOUBLE)[]', prices: 'STRUCT(model VARCHAR, unit VARCHAR, price DOUBLE)[]'}`;

const COLUMNS = `{stream_id: 'VARCHAR', request_id: 'VARCHAR', requested_at: 'TIMESTAMPTZ', gateway: 'VARCHAR',
  region: 'VARCHAR', orchestrator: 'VARCHAR', model: 'VARCHAR', pipeline: 'VARCHAR', gpu: 'VARCHAR', warm: 'BOOLEAN',
  ptff_ms: 'BIGINT', e2e_ms: 'BIGINT', startup_ms: 'BIGINT', overlay: 'BOOLEAN', samples: 'DOUBLE[]',
  outcome: 'VARCHAR', swapped: 'BOOLEAN', error_events: 'BIGINT', goes_on: 'BOOLEAN'}`;

const DIMENSIONS =
  'gateway, region, orchestrator, model, pipeline, gpu, gpu_id';

const BY_HOUR = {
  fct_requests: `SELECT stream_id, request_id, requested_at, hour, day, ${DIMENSIONS},
  'canonical' AS identity, 'https://o.example' AS orch_uri, warm, ptff_ms, e2e_ms, startup_ms, overlay,
  list_avg(samples) AS fps_mean, len(samples) AS fps_samples, jitter, outcome,
  CASE WHEN outcome = 'failed' THEN 'error' END AS reason, error_events, error_events // 2 AS restarts, swapped, swapped::INT AS swap_events,
  served, served AS complete, false AS startup_missing, false AS failed_swap, 60000 AS inference_ms,
  3 AS statuses, 20 AS messages, 0 AS late_messages, requested_at AS first_message_at, requested_at AS last_message_at
FROM facts`,
  kpi_hourly: `SELECT hour, day, ${DIMENSIONS}, coalesce(COLUMNS(* EXCLUDE (hour, day, ${DIMENSIONS})), 0)
FROM (SELECT hour, day, ${DIMENSIONS},
  count(*) AS requests, count_if(outcome = 'failed') AS failed, count_if(outcome = 'unserved') AS unserved,
  count_if(outcome = 'abandoned') AS abandoned, count_if(outcome = 'unknown') AS unknown,
  count_if(outcome = 'running') AS running, count_if(served) AS served, count_if(swapped) AS swapped,
  count_if(swapped AND served) AS swapped_served, 0 AS failed_swaps, sum(error_events)::BIGINT AS error_events,
  sum(error_events // 2)::BIGINT AS restarts,
  count_if(overlay) AS overlay, count_if(served) AS complete, 0 AS startup_missing,
  sum(len(samples))::BIGINT AS fps_samples, sum(fps_sum) AS fps_sum,
  sum(len(samples))::BIGINT AS fps_fed_samples, sum(fps_sum) AS fps_fed_sum,
  count(jitter) AS jitter_n, coalesce(sum(jitter), 0) AS jitter_sum,
  count(ptff_ms) FILTER (NOT overlay) AS ptff_n, coalesce(sum(ptff_ms) FILTER (NOT overlay), 0)::BIGINT AS ptff_sum,
  count(e2e_ms) FILTER (NOT overlay) AS e2e_n, coalesce(sum(e2e_ms) FILTER (NOT overlay), 0)::BIGINT AS e2e_sum,
  count(startup_ms) AS startup_n, coalesce(sum(startup_ms), 0)::BIGINT AS startup_sum,
  count(startup_ms) FILTER (NOT warm) AS cold_startup_n,
  coalesce(sum(startup_ms) FILTER (NOT warm), 0)::BIGINT AS cold_startup_sum,
  coalesce(sum(len(samples)) FILTER (gpu IS NOT NULL), 0)::BIGINT AS cue_samples,
  coalesce(sum(fps_sum * 2e12) FILTER (gpu IS NOT NULL), 0) AS cue_achieved,
  coalesce(sum(len(samples) * 1e14) FILTER (gpu IS NOT NULL), 0) AS cue_peak,
  sum(60000)::BIGINT AS inference_ms, sum(0.001) :: DOUBLE AS fees_eth, count(*) AS payments,
  count_if(overlay) AS unread_payments
FROM facts GROUP BY ALL
UNION ALL BY NAME SELECT hour + INTERVAL 1 HOUR AS hour, day, ${DIMENSIONS}, 30000 AS inference_ms FROM facts WHERE goes_on)`,
  kpi_latency_hourly: `SELECT hour, day, ${DIMENSIONS}, metric,
  ceil(ln(greatest(x, 1)) / ln(1.02))::INT AS bucket, count(*) AS n
FROM (
  SELECT * EXCLUDE samples, 'ptff_ms' AS metric, ptff_ms AS x FROM facts WHERE NOT overlay
  UNION ALL SELECT * EXCLUDE samples, 'e2e_ms', e2e_ms FROM facts WHERE NOT overlay
  UNION ALL SELECT * EXCLUDE samples, 'startup_ms', startup_ms FROM facts
  UNION ALL SELECT * EXCLUDE samples, 'cold_startup_ms', startup_ms FROM facts WHERE NOT warm
  UNION ALL SELECT * EXCLUDE samples, 'jitter', jitter * 10000 FROM facts
  UNION ALL SELECT * EXCLUDE samples, 'output_fps', 100 * unnest(samples) FROM facts
  UNION ALL SELECT * EXCLUDE samples, 'output_fps_fed', 100 * unnest(samples) FROM facts
) WHERE x IS NOT NULL GROUP BY ALL`,
  fct_swaps: `SELECT stream_id || request_id AS event_key, stream_id, request_id, requested_at AS swapped_at, requested_at, hour, day,
  gateway, region, orchestrator AS from_orchestrator, CASE WHEN outcome = 'ok' THEN 'o0' END AS to_orchestrator,
  model, pipeline, gpu, outcome = 'failed' AS failed
FROM facts WHERE swapped`,
  supply_hourly: `SELECT hour, day, orchestrator, 'https://o.example' AS orch_uri, model, min(pipeline) AS pipeline,
  min(gpu) AS gpu, coalesce(to_json(list(DISTINCT gpu_id) FILTER (gpu_id IS NOT NULL))::VARCHAR, '[]') AS gpu_ids,
  10::DOUBLE AS capacity, least(count(*), 10)::DOUBLE AS capacity_in_use, 10::DOUBLE AS warm
FROM facts WHERE orchestrator IS NOT NULL AND model IS NOT NULL GROUP BY hour, day, orchestrator, model`,
  supply_hours: `SELECT DISTINCT day::TIMESTAMPTZ + to_hours(h) AS hour, day, 2 AS reports, 6 AS entries, 1 AS contested_entries
FROM facts, range(24) t(h)`,
  scrape_hourly: `SELECT hour, day, orchestrator, url, kind,
  count_if(NOT masked AND NOT refused) AS observations, count_if(heard) AS reachable,
  count_if(NOT masked AND refused) AS refused, count_if(masked) AS masked,
  count_if(heard AND response_ms IS NOT NULL) AS response_n,
  count_if(heard AND capacity IS NOT NULL) AS capacity_n,
  count_if(heard AND in_use IS NOT NULL) AS in_use_n, count_if(heard AND available IS NOT NULL) AS available_n,
  coalesce(sum(response_ms) FILTER (heard), 0) AS response_sum,
  coalesce(sum(capacity) FILTER (heard), 0) AS capacity_sum,
  coalesce(sum(in_use) FILTER (heard), 0) AS in_use_sum,
  coalesce(sum(available) FILTER (heard), 0) AS available_sum,
  coalesce(sum(in_use) FILTER (heard AND capacity IS NOT NULL), 0) AS busy_sum,
  coalesce(sum(capacity) FILTER (heard AND in_use IS NOT NULL), 0) AS busy_capacity_sum
FROM observations GROUP BY ALL`,
  scrape_latency_hourly: `SELECT hour, day, orchestrator, url, kind,
  ceil(ln(greatest(response_ms, 1)) / ln(1.02))::INT AS bucket, count(*) AS n
FROM observations WHERE heard AND response_ms IS NOT NULL GROUP BY ALL`,
  scrape_readings_hourly: `SELECT hour, day, orchestrator, url, kind, metric, NULL::VARCHAR AS pipeline, model, gpu_id,
  NULL::VARCHAR AS gpu, NULL::VARCHAR AS currency, unit, count(*) AS n, sum(x) AS total
FROM (
  SELECT hour, day, orchestrator, url, kind, 'gpu_utilization' AS metric, NULL AS model, g.id AS gpu_id, NULL AS unit, g.used AS x
  FROM (SELECT *, unnest(gpus) AS g FROM observations WHERE heard)
  UNION ALL SELECT hour, day, orchestrator, url, kind, 'price', p.model, NULL, p.unit, p.price
  FROM (SELECT *, unnest(prices) AS p FROM observations WHERE heard AND kind = 'orchestrator')
) GROUP BY ALL`,
  ingest_hourly: `SELECT hour, day, 'file' AS source, 'accepted' AS class, NULL::VARCHAR AS reason, count(*) AS n FROM facts GROUP BY ALL
UNION ALL SELECT hour, day, 'east', 'accepted', NULL, 1 FROM facts GROUP BY ALL
UNION ALL SELECT hour, day, NULL, 'duplicate', NULL, 2 FROM facts GROUP BY ALL
UNION ALL SELECT hour, day, 'file', 'ignored', 'unsupported_type', 3 FROM facts GROUP BY ALL
UNION ALL SELECT hour, day, source, 'rejected', reason, 4
FROM facts, (VALUES ('file', 'schema'), ('east', 'schema'), ('east', 'not_json')) refused(source, reason) GROUP BY ALL`,
} as const;

/** The same by five minutes, of which the inference of the next hour lies in the first. */
const bySlot = (sql: string) =>
  sql
    .replaceAll('SELECT hour,', 'SELECT slot, hour,')
    .replace('(hour, day', '(slot, hour, day')
    .replace(
      'SELECT hour + INTERVAL 1 HOUR AS hour',
      'SELECT hour + INTERVAL 1 HOUR AS slot, hour + INTERVAL 1 HOUR AS hour',
    );

const TABLES = {
  ...BY_HOUR,
  kpi_5min: bySlot(BY_HOUR.kpi_hourly),
  kpi_latency_5min: bySlot(BY_HOUR.kpi_latency_hourly),
};

const SUMS: Record<keyof typeof TABLES, string[]> = {
  fct_requests: ['fps_samples', 'error_events'],
  kpi_hourly: ['requests', 'fps_samples', 'fps_sum', 'startup_sum'],
  kpi_latency_hourly: ['n', 'bucket'],
  kpi_5min: ['requests', 'fps_samples', 'fps_sum', 'startup_sum'],
  kpi_latency_5min: ['n', 'bucket'],
  fct_swaps: ['failed'],
  supply_hourly: ['capacity', 'capacity_in_use'],
  supply_hours: ['reports', 'contested_entries'],
  scrape_hourly: ['observations', 'reachable'],
  scrape_latency_hourly: ['n'],
  scrape_readings_hourly: ['n', 'total'],
  ingest_hourly: ['n'],
};

async function numbers(
  duckdb: DuckDBConnection,
  sql: string,
): Promise<number[]> {
  const [row] = await (await duckdb.runAndReadAll(sql)).getRows();
  return row.map(Number);
}

/** A day of fewer requests is sparse. */
const SPARSE_BELOW = 20;

type DayOnDisk = GoldDay & { files: Record<DayTable, string> };

/** Gold as files: one JSON per day beside its Parquet, so that a child process reads it without DuckDB. */
export class GoldFiles implements GoldSource {
  constructor(readonly directory: string) {}

  async snapshot(): Promise<GoldSnapshot | null> {
    const state = await this.#state();
    if (!state) return null;
    // A day's Parquet stays: every build has files of its own.
    const onDisk = await Promise.all(
      (await this.days()).map(day => this.#read(day)),
    );
    const dimension = (name: DimensionTable, rows: number) => ({
      path: join(this.directory, `${name}.parquet`),
      rows,
    });
    return {
      ...state,
      days: async () => onDisk.map(({ day, buildId }) => ({ day, buildId })),
      export: async (days: string[]) => {
        const exported = days.map(asked => {
          const found = onDisk.find(({ day }) => day === asked);
          if (!found) throw new Error(`gold has no day ${asked}`);
          return found;
        });
        return {
          days: exported.map(({ files, ...day }) => structuredClone(day)),
          files: Object.fromEntries(
            DAY_TABLES.map(table => [
              table,
              exported.map(({ files }) => files[table]),
            ]),
          ) as GoldDays['files'],
        };
      },
      exportDimensions: async () => ({
        dim_orchestrators: dimension('dim_orchestrators', 1),
        dim_models: dimension('dim_models', 2),
        dim_gpus: dimension('dim_gpus', 2),
        dim_deploys: dimension('dim_deploys', 1),
        dim_contested_urls: dimension('dim_contested_urls', 2),
      }),
      dispose: async () => {},
    };
  }

  /** Names of the days, oldest first. */
  async days(): Promise<string[]> {
    return (await readdir(this.directory))
      .filter(name => /^\d{4}-\d\d-\d\d\.json$/.test(name))
      .map(name => name.slice(0, 10))
      .sort();
  }

  async #state(): Promise<GoldState | null> {
    try {
      return JSON.parse(
        await readFile(join(this.directory, 'state.json'), 'utf8'),
      );
    } catch {
      return null;
    }
  }

  async #read(day: string): Promise<DayOnDisk> {
    return JSON.parse(
      await readFile(join(this.directory, `${day}.json`), 'utf8'),
    );
  }
}

/** Gold whose exports go through other hands. */
export function goldThrough(
  gold: GoldSource,
  exportDays: (
    snapshot: GoldSnapshot,
    days: string[],
  ) => ReturnType<GoldSnapshot['export']>,
): GoldSource {
  return {
    async snapshot() {
      const snapshot = await gold.snapshot();
      return (
        snapshot && {
          ...snapshot,
          export: (days: string[]) => exportDays(snapshot, days),
        }
      );
    },
  };
}

/** Writes gold with DuckDB, as the embedded profile does. */
export class GoldWriter {
  readonly files: GoldFiles;
  readonly #directory: string;
  readonly #duckdb: DuckDBConnection;

  private constructor(directory: string, duckdb: DuckDBConnection) {
    this.#directory = directory;
    this.#duckdb = duckdb;
    this.files = new GoldFiles(directory);
  }

  static async create(directory: string): Promise<GoldWriter> {
    await mkdir(directory, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const duckdb = await instance.connect();
    await duckdb.run("SET TimeZone = 'UTC'");
    const writer = new GoldWriter(directory, duckdb);
    await writer.copy(
      `SELECT 'o0' AS orchestrator, '["https://o.example"]' AS uris, '[]' AS gpus, '[]' AS models,
        TIMESTAMPTZ '2026-01-01 00:00:00Z' AS first_seen_at, TIMESTAMPTZ '2026-01-02 00:00:00Z' AS last_seen_at, '0.8' AS capability_version,
        'Acme <b>' AS operator_name, NULL::VARCHAR AS operator_contact, 1000.000000000000000001::DECIMAL(38, 18) AS stake_lpt`,
      'dim_orchestrators',
    );
    await writer.copy(
      `SELECT m AS model, 'live-video-to-video' AS pipeline, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS first_seen_at,
        TIMESTAMPTZ '2026-01-02 00:00:00Z' AS last_seen_at, fps AS target_fps, NULL::DOUBLE AS target_ptff_ms,
        startup AS target_startup_ms, 2e12::DOUBLE AS flops_per_frame
      FROM (VALUES ('m0', 20::DOUBLE, 10000::DOUBLE), ('m1', NULL, NULL)) t(m, fps, startup)`,
      'dim_models',
    );
    await writer.copy(
      `SELECT 'o1' AS orchestrator, id AS gpu_id, 'gpu1' AS gpu, TIMESTAMPTZ '2026-01-07 00:00:00Z' AS first_seen_at,
        TIMESTAMPTZ '2026-01-08 00:00:00Z' AS last_seen_at, 24 AS reports, stable
      FROM (VALUES ('gpu1-1', true), ('idle', NULL)) t(id, stable)`,
      'dim_gpus',
    );
    await writer.copy(
      `SELECT 'o1' AS orchestrator, 'm0' AS model, '0.14' AS runner_version, TIMESTAMPTZ '2026-01-07 00:00:00Z' AS first_seen_at`,
      'dim_deploys',
    );
    await writer.copy(
      `SELECT 'https://' || name AS url, '["o0","o1"]' AS addresses, TIMESTAMPTZ '2026-01-07 00:00:00Z' AS first_seen_at,
        TIMESTAMPTZ '2026-01-08 00:00:00Z' AS last_seen_at, 7 AS reports
      FROM (VALUES ('b.example'), ('a.example')) t(name)`,
      'dim_contested_urls',
    );
    return writer;
  }

  /** Replaces a day (`YYYY-MM-DD`) with these requests and observations, which must lie in it. */
  async setDay(
    day: string,
    buildId: string,
    requests: SyntheticRequest[],
    observations: SyntheticObservation[] = [],
  ): Promise<void> {
    const input = join(this.#directory, 'requests.json');
    await writeFile(input, JSON.stringify(requests));
    await this.#duckdb.run(
      `CREATE OR REPLACE TABLE facts AS SELECT *, time_bucket(INTERVAL 5 MINUTES, requested_at) AS slot,
        date_trunc('hour', requested_at) AS hour, requested_at::DATE AS day,
        gpu || '-' || len(samples) % 2 AS gpu_id, coalesce(list_sum(samples), 0) AS fps_sum, outcome IN ('ok', 'failed') AS served,
        CASE WHEN orchestrator IS NOT NULL AND len(samples) >= 3 AND list_avg(samples) > 0
          THEN list_stddev_pop(samples) / list_avg(samples) END AS jitter
      FROM read_json('${input}', columns = ${COLUMNS})`,
    );
    const found = join(this.#directory, 'observations.json');
    await writeFile(found, JSON.stringify(observations));
    await this.#duckdb.run(
      `CREATE OR REPLACE TABLE observations AS SELECT *, date_trunc('hour', began_at) AS hour, began_at::DATE AS day,
        reachable AND NOT masked AS heard
      FROM read_json('${found}', columns = ${OBSERVATION_COLUMNS})`,
    );
    const sparse = requests.length < SPARSE_BELOW;
    const tables = {} as GoldDay['tables'];
    const files = {} as DayOnDisk['files'];
    for (const table of Object.keys(TABLES) as Array<keyof typeof TABLES>) {
      const path = await this.copy(
        `SELECT *, ${sparse} AS sparse FROM (${TABLES[table]})`,
        `${table}-${day}-${buildId}`,
      );
      const [rows, ...sums] = await numbers(
        this.#duckdb,
        `SELECT count(*), ${SUMS[table]
          .map(name => `coalesce(sum(${name}), 0)`)
          .join()} FROM '${path}'`,
      );
      files[table] = path;
      tables[table] = {
        rows,
        sums: Object.fromEntries(SUMS[table].map((name, i) => [name, sums[i]])),
      };
    }
    const exported: DayOnDisk = { day, buildId, sparse, tables, files };
    await writeFile(
      join(this.#directory, `${day}.json`),
      JSON.stringify(exported),
    );
  }

  async removeDay(day: string): Promise<void> {
    await rm(join(this.#directory, `${day}.json`));
  }

  /** Ends a build. */
  async setState(id: string, watermark: string): Promise<void> {
    const build: BuildInfo = {
      id,
      at: watermark,
      tests: { passed: 1, failed: 0, warned: 0 },
    };
    await writeFile(
      join(this.#directory, 'state.json'),
      JSON.stringify({ build, watermark, simulated: false }),
    );
  }

  close(): void {
    this.#duckdb.closeSync();
  }

  /** Writes the rows of a query as `<name>.parquet`; gives its path. */
  async copy(sql: string, name: string): Promise<string> {
    const path = join(this.#directory, `${name}.parquet`);
    await this.#duckdb.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
    return path;
  }
}
