import type {
  AnswerMeta,
  AvailabilityRow,
  ContestedAnswer,
  DeployRow,
  GpuRow,
  InventoryAnswer,
  KpiFilters,
  ModelTargets,
  ScoreRow,
  SwapRow,
} from '../packages/serving/src/contract/index.ts';
import { fakeRow, filterMembers, groupMembers, wilson } from './fakeNetwork.ts';
import type { Member } from './fakeNetwork.ts';

const DAY_MS = 24 * 3_600_000;

/** SLA scores in the shape of the API; plausible, not exact. */
export function fakeScores(
  members: Member[],
  by: 'orchestrator' | 'model' | 'gpu',
): ScoreRow[] {
  return groupMembers(members, [by]).flatMap(row => {
    const key = row[by];
    if (key === null || key === undefined) {
      return [];
    }
    const { served } = row;
    const graded = served >= 10;
    const reliability = served
      ? 0.8 * (1 - row.failed / served) + 0.2 * (1 - row.swapped / served)
      : null;
    const attainments = {
      fps: row.fps_mean === null ? null : Math.min(1, row.fps_mean / 16),
      startup: null,
      e2e: row.e2e_ms.mean === null ? null : 0.92,
      jitter: row.jitter_mean === null ? null : 0.71,
    };
    const quality = row.fps_mean === null ? 0.83 : 0.5 + row.fps_mean / 42;
    const score = graded
      ? 100 * (0.7 * (reliability ?? 0) + 0.3 * quality)
      : null;
    const spread = 40 / Math.sqrt(served + 1);
    return [
      {
        key,
        score,
        score_low: score === null ? null : Math.max(0, score - spread),
        score_high: score === null ? null : Math.min(100, score + spread / 3),
        reliability,
        quality: served ? quality : null,
        attainments,
        served,
        completeness: served ? 0.94 : null,
      },
    ];
  });
}

/** Each model has targets of its own but for the last, which has none. */
export function fakeTargets(members: Member[]): ModelTargets[] {
  const models = distinct(members.map(({ model }) => model));
  return models.map((model, index) => {
    const source = index % 2 === 0 ? 'table' : 'network_median';
    const known = index < models.length - 1;
    return {
      model,
      fps: known ? { value: 16, source } : null,
      ptff_ms: known ? { value: 4000, source } : null,
      startup_ms: known ? { value: 12_000, source } : null,
    };
  });
}

/** Swaps between neighbours, some without a known end. */
export function fakeSwaps(network: Member[], filters: KpiFilters): SwapRow[] {
  const { orchestrator, ...others } = filters;
  const ids = distinct(
    filterMembers(network, others).map(member => member.orchestrator),
  );
  return ids
    .flatMap((from, index): SwapRow[] => [
      {
        from,
        to: ids[(index + 1) % ids.length],
        swaps: 3 + (index % 7),
        failed: index % 3,
      },
      { from, to: null, swaps: 1, failed: 1 },
    ])
    .filter(
      ({ from, to }) =>
        !orchestrator ||
        orchestrator.includes(from) ||
        orchestrator.includes(to),
    );
}

/** One GPU for each orchestrator and model, every third under an id that churns, and what is tied to none. */
export function fakeGpus(members: Member[], nowMs: number): GpuRow[] {
  return members.map((member, index) => ({
    ...fakeRow([member]),
    orchestrator: member.orchestrator,
    gpu_id:
      index % 4 === 3
        ? null
        : `GPU-${'0123456789abcdef'.repeat(2)}-${String(index)}`,
    gpu: member.gpu,
    models: member.model === null ? [] : [member.model],
    regions: member.region === null ? [] : [member.region],
    orchestrator_version: '0.8.7',
    first_seen_at: new Date(nowMs - 6 * DAY_MS).toISOString(),
    last_seen_at: new Date(nowMs - 240_000).toISOString(),
    stable: [true, false, null][index % 3],
  }));
}

/** Rounds every minute: nearly always there, slower and busier every third step; of one step nothing. */
export function fakeAvailability(params: URLSearchParams): AvailabilityRow[] {
  const grain = params.get('by') as 'hour' | 'day' | null;
  if (!grain) {
    return [availabilityOf(1398, 2)];
  }
  const step = grain === 'day' ? DAY_MS : DAY_MS / 24;
  const time = (name: string, otherwise: number) =>
    Date.parse(params.get(name) ?? new Date(otherwise).toISOString());
  const to = Math.min(time('to', Date.now()), Date.now());
  const first = Math.floor(time('from', to - DAY_MS) / step);
  return Array.from({ length: Math.ceil(to / step) - first }, (_, index) => ({
    [grain]: new Date((first + index) * step).toISOString(),
    ...availabilityOf(60, index),
  })).filter((_, index) => index !== 1);
}

function availabilityOf(observations: number, index: number): AvailabilityRow {
  const busy = index % 3;
  const reachable = observations - busy;
  const [low, high] = wilson(reachable, observations);
  return {
    observations,
    reachable,
    availability: reachable / observations,
    availability_low: low,
    availability_high: high,
    refused: 0,
    masked: busy,
    response_ms: {
      n: reachable,
      mean: 48 + 20 * busy,
      p50: 41 + 18 * busy,
      p95: 130 + 40 * busy,
      p99: 310,
    },
    capacity: {
      n: reachable,
      total: 8,
      in_use: 2 + busy,
      available: 6 - busy,
      share_in_use: (2 + busy) / 8,
    },
    gpu_utilization: { n: 2 * reachable, gpus: 2, mean: 0.45 + 0.1 * busy },
    prices: [
      {
        pipeline: 'live-video-to-video',
        model: 'streamdiffusion-sdxl',
        currency: 'USD',
        unit: 'hour',
        n: reachable,
        mean: 0.75 + 0.05 * busy,
      },
    ],
  };
}

/** A URL that two claim; its text is a stranger's. */
export function fakeContested(
  network: Member[],
  meta: AnswerMeta,
  nowMs: number,
): ContestedAnswer {
  const orchestrators = distinct(network.map(member => member.orchestrator));
  return {
    meta,
    next: null,
    rows:
      orchestrators.length < 2
        ? []
        : [
            {
              url: 'https://orch-<b>1</b>.example:8936',
              addresses: orchestrators.slice(0, 2),
              first_seen_at: new Date(nowMs - 3 * DAY_MS).toISOString(),
              last_seen_at: new Date(nowMs - 240_000).toISOString(),
              reports: 288,
            },
          ],
  };
}

/** Every orchestrator and model with a deploy within the last day. */
export function fakeInventory(
  network: Member[],
  meta: AnswerMeta,
  nowMs: number,
): InventoryAnswer {
  const seen = {
    first_seen_at: new Date(nowMs - 30 * DAY_MS).toISOString(),
    last_seen_at: new Date(nowMs - 240_000).toISOString(),
  };
  const of = (orchestrator: string) =>
    network.filter(member => member.orchestrator === orchestrator);
  const orchestrators = distinct(network.map(member => member.orchestrator));
  return {
    meta,
    next: null,
    orchestrators: orchestrators.map(orchestrator => ({
      orchestrator,
      uris: ['https://orch-1.example:8936'],
      gpus: distinct(of(orchestrator).map(({ gpu }) => gpu)),
      models: distinct(of(orchestrator).map(({ model }) => model)),
      version: '0.8.7',
      name: orchestrator === orchestrators[0] ? 'Operator One' : null,
      contact: null,
      stake_lpt: null,
      ...seen,
    })),
    models: distinct(network.map(({ model }) => model)).map(model => ({
      model,
      pipeline: 'live-video-to-video',
      flops_per_frame: model.includes('sdxl') ? 6.7e12 : null,
      ...seen,
    })),
    deploys: network.flatMap(({ orchestrator, model }, index): DeployRow[] =>
      orchestrator === null || model === null
        ? []
        : [
            {
              orchestrator,
              model,
              version: `0.14.${index % 3}`,
              first_seen_at: new Date(
                nowMs - (3 + (index % 17)) * 3_600_000,
              ).toISOString(),
            },
          ],
    ),
  };
}

function distinct(values: Array<string | null>): string[] {
  return [...new Set(values)].filter(value => value !== null);
}
