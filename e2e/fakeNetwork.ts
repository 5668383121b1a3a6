import type {
  KpiDimension,
  KpiFilters,
  KpiRow,
  LatencySummary,
  RequestRow,
} from '../packages/serving/src/contract/index.ts';

/** Deterministic numbers in [0, 1), so that screenshots can be compared. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const MODELS = [
  'streamdiffusion-sdxl',
  'streamdiffusion-sdxl-faceid',
  'comfyui-depth-anything-v2',
];
const GPUS = ['NVIDIA GeForce RTX 4090', 'NVIDIA H100 PCIe', null];
const GATEWAYS = [
  { gateway: 'ai-gateway-sea', region: 'sea' },
  { gateway: 'ai-gateway-mdw', region: 'mdw' },
  { gateway: 'ai-gateway-fra', region: 'fra' },
  { gateway: '', region: null },
];

/** One orchestrator with one of its models. */
export interface Member {
  orchestrator: string | null;
  model: string | null;
  gpu: string | null;
  gateway: string;
  region: string | null;
  requests: number;
  quality: number;
}

/** Texts as a hostile event may carry them; they must be shown as text. */
export const HOSTILE_MODEL =
  '<img src=x onerror="window.__hacked=1"><script>window.__hacked=1</script>';

/** A network of so many orchestrators; the last member stands for unserved requests, which have none. */
export function fakeNetwork(orchestrators: number): Member[] {
  const random = randomOf(7);
  const members: Member[] = [];
  for (let i = 0; i < orchestrators; i += 1) {
    const orchestrator = `0x${Array.from({ length: 40 }, () =>
      Math.floor(random() * 16).toString(16),
    ).join('')}`;
    const quality = random();
    const models = i % 5 === 0 ? 2 : 1;
    for (let m = 0; m < models; m += 1) {
      members.push({
        orchestrator,
        model: i === 3 ? HOSTILE_MODEL : MODELS[(i + m) % MODELS.length],
        gpu: GPUS[i % GPUS.length],
        ...GATEWAYS[(i + m) % GATEWAYS.length],
        requests: Math.floor(1 + random() ** 3 * 900),
        quality,
      });
    }
  }
  members.push({
    orchestrator: null,
    model: null,
    gpu: null,
    ...GATEWAYS[0],
    requests: 17,
    quality: 0,
  });
  return members;
}

/** The same members in the period before: some were better, more were worse, and there were fewer requests. */
export function fakeNetworkBefore(network: readonly Member[]): Member[] {
  const random = randomOf(13);
  return network.map(member => ({
    ...member,
    requests: Math.ceil(member.requests * 0.9),
    quality: Math.min(
      1,
      Math.max(0, member.quality * 0.7 + 0.3 * (random() - 0.4)),
    ),
  }));
}

export function wilson(k: number, n: number): [number, number] {
  if (n === 0) {
    return [0, 1];
  }
  const z2 = 1.959964 ** 2;
  const p = k / n;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half =
    (Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n)) * 1.959964) / (1 + z2 / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

function latency(n: number, mean: number): LatencySummary {
  return n === 0
    ? { n, mean: null, p50: null, p95: null, p99: null }
    : { n, mean, p50: mean * 0.84, p95: mean * 2.1, p99: mean * 3.4 };
}

/** KPIs of some members over a part of the window. Figures are plausible, not exact. */
export function fakeRow(members: Member[], part = 1, wobble = 0): KpiRow {
  const requests = Math.round(
    members.reduce((sum, m) => sum + m.requests, 0) * part,
  );
  const quality = requests
    ? members.reduce((sum, m) => sum + m.quality * m.requests * part, 0) /
      requests
    : 0;
  const served = members.some(m => m.orchestrator) ? requests : 0;
  const failed = Math.round(served * 0.05 * (1 - quality) * (1 + wobble));
  const swapped = Math.round(served * 0.08 * (1 - quality) * (1 - wobble));
  const samples = served * 11;
  const known = members.some(m => m.gpu) ? Math.round(samples * 0.9) : 0;
  const [failureLow, failureHigh] = wilson(failed, requests);
  const [swapLow, swapHigh] = wilson(swapped, requests);
  const fps = 9 + 12 * quality + wobble;
  const bad = 1 - quality + wobble / 4;
  const noEvidence = samples === 0;
  return {
    requests,
    failed,
    unserved: requests - served,
    abandoned: 0,
    unknown: 0,
    running: 0,
    served,
    swapped,
    swapped_served: swapped,
    failed_swaps: 0,
    error_events: failed * 2,
    restarts: failed,
    overlay: Math.round(served * 0.1),
    complete: served,
    startup_missing: Math.round(served * 0.02),
    fps_samples: samples,
    fps_mean: noEvidence ? null : fps,
    fps_fed_samples: Math.round(samples * 0.9),
    fps_fed_mean: noEvidence ? null : fps + 0.6,
    fps_p50: noEvidence ? null : fps + 0.2,
    fps_p95: noEvidence ? null : fps + 4.1,
    failure_rate: requests ? failed / requests : null,
    failure_rate_low: failureLow,
    failure_rate_high: failureHigh,
    swap_rate: requests ? swapped / requests : null,
    swap_rate_low: swapLow,
    swap_rate_high: swapHigh,
    error_rate: requests ? (failed * 2) / requests : null,
    jitter_n: Math.round(served * 0.8),
    jitter_mean: served > 1 ? 0.04 + 0.12 * bad : null,
    jitter_p95: served > 1 ? 0.1 + 0.3 * bad : null,
    cue: known ? 0.3 + 0.6 * quality : null,
    cue_samples: known,
    ptff_ms: latency(Math.round(served * 0.9), 1800 + 5200 * bad),
    e2e_ms: latency(Math.round(served * 0.9), 640 + 4200 * bad),
    startup_ms: latency(Math.round(served * 0.95), 5400 + 14_000 * bad),
    cold_startup_ms: latency(Math.round(served * 0.2), 21_000 + 9000 * bad),
    inference_ms: served * 144_000,
    inference_minutes: served * 2.4,
    fees_eth: served * 0.0004,
    payments: served * 4,
    unread_payments: Math.round(served * 0.01),
  };
}

/** Members that pass the filters. */
export function filterMembers(
  members: Member[],
  filters: KpiFilters,
): Member[] {
  return members.filter(member =>
    (Object.keys(filters) as Array<keyof KpiFilters>).every(dimension => {
      const value = dimension === 'pipeline' ? null : member[dimension];
      return filters[dimension]?.includes(value) ?? true;
    }),
  );
}

/** Rows of the members grouped by dimensions of theirs; without one a single row. */
export function groupMembers(
  members: Member[],
  by: KpiDimension[],
  part = 1,
  wobble = 0,
): KpiRow[] {
  const groups = new Map<string, Member[]>();
  const keys = new Map<string, Partial<KpiRow>>();
  for (const member of members) {
    const key = Object.fromEntries(
      by.map(dimension => [dimension, member[dimension as keyof Member]]),
    ) as Partial<KpiRow>;
    const text = JSON.stringify(key);
    keys.set(text, key);
    groups.set(text, [...(groups.get(text) ?? []), member]);
  }
  return [...groups].map(([text, group]) => ({
    ...keys.get(text),
    ...fakeRow(group, part, wobble),
  }));
}

/** Requests, newest first, one every seven minutes. */
export function fakeRequests(
  members: Member[],
  count: number,
  nowMs: number,
): RequestRow[] {
  const random = randomOf(11);
  return Array.from({ length: count }, (_, i): RequestRow => {
    const member = members[Math.floor(random() * members.length)];
    const at = new Date(nowMs - i * 7 * 60_000 - 61_000);
    const draw = random();
    const base = {
      stream_id: `stream-${i}`,
      request_id: Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
      requested_at: at.toISOString(),
      hour: new Date(
        Math.floor(at.getTime() / 3_600_000) * 3_600_000,
      ).toISOString(),
      gateway: member.gateway,
      region: member.region,
      model: member.model,
      gpu: member.gpu,
      pipeline: member.model && 'live-video-to-video',
      orchestrator: member.orchestrator,
      identity: member.orchestrator ? ('canonical' as const) : null,
      orch_uri: member.orchestrator && 'https://orch-1.example:8936',
      warm: draw > 0.3,
      overlay: draw > 0.9,
      error_events: 1,
      restarts: draw > 0.95 ? 1 : 0,
      swapped: draw < 0.04,
      swap_events: draw < 0.04 ? 1 : 0,
    };
    if (!member.orchestrator || draw < 0.06) {
      return {
        ...base,
        outcome: member.orchestrator ? 'failed' : 'unserved',
        reason: member.orchestrator ? 'startup_failed' : null,
        ptff_ms: null,
        e2e_ms: null,
        startup_ms: null,
        fps_mean: null,
        fps_samples: 0,
        jitter: null,
      };
    }
    return {
      ...base,
      outcome: i === 0 ? 'running' : 'ok',
      reason: null,
      ptff_ms: 1800 + random() * 9000,
      e2e_ms: 400 + random() * 4000,
      startup_ms: 5000 + random() * 30_000,
      fps_mean: 8 + random() * 14,
      fps_samples: 17,
      jitter: random() * 0.2,
    };
  });
}
