import { Database } from './client';
import { GpuQuery, GpuRow } from './contract';
import { ReadGroups } from './groups';
import { kpisOf, NO_EVIDENCE } from './kpiQuery';
import { HourWindow, isoTime } from './window';

/** What capability reports tell of a GPU, of all times. */
interface KnownGpu {
  orchestrator: string;
  gpuId: string;
  gpu: string | null;
  firstMs: number;
  lastMs: number;
  stable: boolean | null;
}

/** What capability reports tell, whenever it was. */
export interface ReportedGpus {
  gpus: KnownGpu[];
  /** Version of the newest report, by orchestrator. */
  versions: Map<string, string | null>;
}

export async function readReportedGpus(
  database: Database,
): Promise<ReportedGpus> {
  const [gpus, versions] = await Promise.all([
    database.rows<
      [string, string, string | null, number, number, boolean | null]
    >(
      `SELECT orchestrator, gpu_id, gpu, toUnixTimestamp64Milli(first_seen_at), toUnixTimestamp64Milli(last_seen_at), stable
FROM naap.dim_gpus`,
    ),
    database.rows<[string, string | null]>(
      'SELECT orchestrator, capability_version FROM naap.dim_orchestrators',
    ),
  ]);
  return {
    gpus: gpus.map(([orchestrator, gpuId, gpu, firstMs, lastMs, stable]) => ({
      orchestrator,
      gpuId,
      gpu,
      firstMs,
      lastMs,
      stable,
    })),
    versions: new Map(versions),
  };
}

/** Whether a GPU was reported around the window and fits a query that asks nothing of requests. */
function isOffered(
  known: KnownGpu,
  window: HourWindow,
  { filters = {}, gpuId }: GpuQuery,
): boolean {
  const { orchestrator, gpu, ...ofRequests } = filters;
  return (
    Object.keys(ofRequests).length === 0 &&
    (orchestrator?.includes(known.orchestrator) ?? true) &&
    (gpu?.includes(known.gpu) ?? true) &&
    (gpuId?.includes(known.gpuId) ?? true) &&
    known.lastMs >= (window.from ?? 0) &&
    known.firstMs < (window.to ?? Infinity)
  );
}

const keyOf = (orchestrator: string | null, gpuId: string | null) =>
  JSON.stringify([orchestrator, gpuId]);

/** By orchestrator, GPU id and name, nulls last. */
function inOrder(a: GpuRow, b: GpuRow): number {
  for (const name of ['orchestrator', 'gpu_id', 'gpu'] as const) {
    const [mine, other] = [a[name], b[name]];
    if (mine === other) continue;
    if (mine === null || other === null) return mine === null ? 1 : -1;
    return mine < other ? -1 : 1;
  }
  return 0;
}

/**
 * KPIs by orchestrator and GPU. A GPU that was reported in the window and served nobody is there too, without evidence,
 * unless the query filters on what only requests have.
 */
export async function queryGpus(
  read: ReadGroups,
  readReported: () => Promise<ReportedGpus>,
  window: HourWindow,
  query: GpuQuery,
): Promise<GpuRow[]> {
  const [groups, { gpus: known, versions }] = await Promise.all([
    read({
      window,
      filters: query.filters,
      gpuId: query.gpuId,
      keys: ['orchestrator', 'gpu_id', 'gpu'],
      distinct: ['model', 'region'],
    }),
    readReported(),
  ]);
  const gpus = new Map(
    known.map(gpu => [keyOf(gpu.orchestrator, gpu.gpuId), gpu]),
  );
  const row = (
    orchestrator: string | null,
    gpuId: string | null,
    of: Pick<GpuRow, 'gpu' | 'models' | 'regions'> & typeof NO_EVIDENCE,
  ): GpuRow => {
    const about = gpus.get(keyOf(orchestrator, gpuId));
    return {
      orchestrator,
      gpu_id: gpuId,
      orchestrator_version:
        orchestrator === null ? null : versions.get(orchestrator) ?? null,
      first_seen_at: about ? isoTime(about.firstMs) : null,
      last_seen_at: about ? isoTime(about.lastMs) : null,
      stable: about?.stable ?? null,
      ...of,
    };
  };
  const active = groups.map(group => {
    const [orchestrator, gpuId, gpu] = group.keys as Array<string | null>;
    const [models, regions] = group.distinct;
    return row(orchestrator, gpuId, { gpu, models, regions, ...kpisOf(group) });
  });
  const seen = new Set(active.map(gpu => keyOf(gpu.orchestrator, gpu.gpu_id)));
  const idle = known
    .filter(
      gpu =>
        !seen.has(keyOf(gpu.orchestrator, gpu.gpuId)) &&
        isOffered(gpu, window, query),
    )
    .map(({ orchestrator, gpuId, gpu }) =>
      row(orchestrator, gpuId, {
        gpu,
        models: [],
        regions: [],
        ...NO_EVIDENCE,
      }),
    );
  return [...active, ...idle].sort(inOrder);
}
