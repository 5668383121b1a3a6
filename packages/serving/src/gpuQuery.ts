import { mapInSlices } from '@naap/system';
import { GpuQuery, GpuRow } from './contract';
import { Key } from './cursor';
import { allOf } from './conditions';
import { Database } from './database';
import { groupConditions, keyOrder, KpiRows, kpiRows } from './groups';
import { kpisOf, NO_EVIDENCE } from './kpiQuery';
import { KpiReader } from './KpiReader';
import { afterKey, inOrder, upToKey } from './order';
import { PageAsk, Part, readPage } from './page';
import { TimeWindow, isoTime } from './window';

const KEYS = ['orchestrator', 'gpu_id', 'gpu'] as const;
export const GPU_ORDER = keyOrder(KEYS);

export const gpuKey = (row: Pick<GpuRow, (typeof KEYS)[number]>): Key =>
  KEYS.map(name => row[name]);

/** What capability reports tell of a GPU, of all times. */
type Reported = Pick<GpuRow, 'first_seen_at' | 'last_seen_at' | 'stable'>;

const pairOf = (orchestrator: Key[number], gpuId: Key[number]) =>
  JSON.stringify([orchestrator, gpuId]);

/** The GPUs that served, as pairs of orchestrator and id. */
const served = ({ from, where: { sql } }: KpiRows) =>
  `SELECT assumeNotNull(orchestrator), assumeNotNull(gpu_id) FROM ${from}
  WHERE orchestrator IS NOT NULL AND gpu_id IS NOT NULL AND ${sql}
  GROUP BY orchestrator, gpu_id, gpu`;

/** What reports tell of the GPUs and orchestrators that served, by their names. */
async function readReported(
  database: Database,
  rows: KpiRows,
): Promise<{
  gpus: Map<string, Reported>;
  versions: Map<string, string | null>;
}> {
  const [gpus, versions] = await Promise.all([
    database.rows<[string, string, number, number, boolean | null]>(
      `SELECT orchestrator, gpu_id, toUnixTimestamp64Milli(first_seen_at), toUnixTimestamp64Milli(last_seen_at), stable
FROM naap.dim_gpus WHERE (orchestrator, gpu_id) IN (${served(rows)})`,
      rows.where.parameters,
    ),
    database.rows<[string, string | null]>(
      `SELECT orchestrator, capability_version FROM naap.dim_orchestrators WHERE orchestrator IN (
  SELECT assumeNotNull(orchestrator) FROM ${rows.from} WHERE orchestrator IS NOT NULL AND ${rows.where.sql}
)`,
      rows.where.parameters,
    ),
  ]);
  return {
    gpus: new Map(
      gpus.map(([orchestrator, gpuId, firstMs, lastMs, stable]) => [
        pairOf(orchestrator, gpuId),
        {
          first_seen_at: isoTime(firstMs),
          last_seen_at: isoTime(lastMs),
          stable,
        },
      ]),
    ),
    versions: new Map(versions),
  };
}

/** Of a query that asks nothing of requests the GPUs that were reported around the window and served nobody. */
async function readIdle(
  database: Database,
  window: TimeWindow,
  { filters = {}, gpuId }: GpuQuery,
  rowsOfWindow: KpiRows,
  page: PageAsk,
): Promise<Part<GpuRow>> {
  const { orchestrator, gpu, ...ofRequests } = filters;
  if (Object.keys(ofRequests).length > 0) return { rows: [], more: false };
  const { from, to } = window;
  const offered = allOf(
    {
      sql: `(orchestrator, gpu_id) NOT IN (${served(rowsOfWindow)})`,
      parameters: rowsOfWindow.where.parameters,
    },
    orchestrator && {
      sql: 'orchestrator IN {orchestrator:Array(String)}',
      parameters: {},
    },
    gpu && {
      sql: `(gpu IN {gpu:Array(String)}${
        gpu.includes(null) ? ' OR gpu IS NULL' : ''
      })`,
      parameters: {},
    },
    gpuId && { sql: 'gpu_id IN {gpuId:Array(String)}', parameters: {} },
    from === null
      ? null
      : {
          sql: "last_seen_at >= toDateTime({from:UInt32}, 'UTC')",
          parameters: { from: from / 1000 },
        },
    to === null
      ? null
      : {
          sql: "first_seen_at < toDateTime({to:UInt32}, 'UTC')",
          parameters: { to: to / 1000 },
        },
  );
  const { rows, more } = await readPage<
    [
      string,
      string,
      string | null,
      number,
      number,
      boolean | null,
      string | null,
    ]
  >(database, {
    select: [
      ...KEYS,
      'toUnixTimestamp64Milli(first_seen_at)',
      'toUnixTimestamp64Milli(last_seen_at)',
      'stable',
      'version',
    ],
    from: `(SELECT gpus.*, orchestrators.capability_version AS version FROM naap.dim_gpus AS gpus
  LEFT JOIN naap.dim_orchestrators AS orchestrators ON orchestrators.orchestrator = gpus.orchestrator)`,
    where: offered,
    order: GPU_ORDER,
    page,
  });
  return {
    rows: rows.map(([owner, id, name, firstMs, lastMs, stable, version]) => ({
      orchestrator: owner,
      gpu_id: id,
      gpu: name,
      models: [],
      regions: [],
      orchestrator_version: version,
      first_seen_at: isoTime(firstMs),
      last_seen_at: isoTime(lastMs),
      stable,
      ...NO_EVIDENCE,
    })),
    more,
  };
}

/** KPIs of the GPUs that served. */
async function readActive(
  reader: KpiReader,
  database: Database,
  window: TimeWindow,
  query: GpuQuery,
  rowsOfWindow: KpiRows,
  page: PageAsk,
): Promise<Part<GpuRow>> {
  const { rows: groups, more } = await reader.groups({
    window,
    filters: query.filters,
    gpuId: query.gpuId,
    keys: [...KEYS],
    distinct: ['model', 'region'],
    page,
  });
  const last = groups.at(-1);
  if (!last) return { rows: [], more };
  const { gpus, versions } = await readReported(database, {
    from: rowsOfWindow.from,
    where: allOf(
      rowsOfWindow.where,
      page.after && afterKey(GPU_ORDER, page.after),
      upToKey(GPU_ORDER, last.keys),
    ),
  });
  const rows = await mapInSlices(groups, (group): GpuRow => {
    const [orchestrator, gpuId, gpu] = group.keys as Array<string | null>;
    const [models, regions] = group.distinct;
    const about = gpus.get(pairOf(orchestrator, gpuId));
    return {
      orchestrator,
      gpu_id: gpuId,
      gpu,
      models,
      regions,
      orchestrator_version:
        orchestrator === null ? null : versions.get(orchestrator) ?? null,
      first_seen_at: about?.first_seen_at ?? null,
      last_seen_at: about?.last_seen_at ?? null,
      stable: about?.stable ?? null,
      ...kpisOf(group),
    };
  });
  return { rows, more };
}

/**
 * KPIs by orchestrator and GPU. A GPU that was reported in the window and served nobody is there too, without evidence,
 * unless the query filters on what only requests have.
 */
export async function queryGpus(
  reader: KpiReader,
  database: Database,
  window: TimeWindow,
  query: GpuQuery,
  page: PageAsk,
): Promise<Part<GpuRow>> {
  const { filters, gpuId } = query;
  const rowsOfQuery = kpiRows('kpi', { window, keys: [] });
  rowsOfQuery.where = allOf(
    rowsOfQuery.where,
    groupConditions({ filters, gpuId }),
  );
  const [active, idle] = await Promise.all([
    readActive(reader, database, window, query, rowsOfQuery, page),
    readIdle(database, window, query, rowsOfQuery, page),
  ]);
  const compare = inOrder(GPU_ORDER);
  // What one of them does not tell yet may come before what the other does.
  const ends = [active, idle].flatMap(({ rows, more }) =>
    more && rows.length > 0 ? [gpuKey(rows[rows.length - 1])] : [],
  );
  const rows = [...active.rows, ...idle.rows]
    .map(row => ({ row, key: gpuKey(row) }))
    .filter(({ key }) => ends.every(end => compare(key, end) <= 0))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ row }) => row);
  return {
    rows: rows.slice(0, page.limit),
    more: active.more || idle.more || rows.length > page.limit,
  };
}
