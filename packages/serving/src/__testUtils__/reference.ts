import { KpiDimension } from '../contract';
import { SyntheticRequest } from '../testing/network';

/** The dimension of a request as an answer shows it. */
export function dimensionOf(
  request: SyntheticRequest,
  dimension: KpiDimension,
): string | null {
  if (dimension === 'slot') {
    const ms = Date.parse(request.requested_at);
    return new Date(Math.floor(ms / 300_000) * 300_000).toISOString();
  }
  if (dimension === 'hour') {
    return `${request.requested_at.slice(0, 13)}:00:00.000Z`;
  }
  if (dimension === 'day') return request.requested_at.slice(0, 10);
  return request[dimension];
}

/** Requests by the values of some dimensions, as JSON. */
export function groupRequests(
  requests: SyntheticRequest[],
  by: KpiDimension[],
): Map<string, SyntheticRequest[]> {
  const groups = new Map<string, SyntheticRequest[]>();
  for (const request of requests) {
    const key = JSON.stringify(by.map(name => dimensionOf(request, name)));
    const group = groups.get(key) ?? [];
    group.push(request);
    groups.set(key, group);
  }
  return groups;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** The exact nearest rank (docs/kpis.md §3). */
export function nearestRank(values: number[], p: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((Math.round(p * 100) * sorted.length) / 100) - 1];
}

export interface ReferenceSummary {
  n: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

function summary(values: Array<number | null>): ReferenceSummary {
  const known = values.filter(value => value !== null);
  return {
    n: known.length,
    mean: mean(known),
    p50: nearestRank(known, 0.5),
    p95: nearestRank(known, 0.95),
    p99: nearestRank(known, 0.99),
  };
}

/** KPIs straight from the requests of a group, without parts or buckets. */
export function referenceKpis(requests: SyntheticRequest[]) {
  const count = (is: (request: SyntheticRequest) => boolean) =>
    requests.filter(is).length;
  const isServed = ({ outcome }: SyntheticRequest) =>
    outcome === 'ok' || outcome === 'failed';
  const samples = requests.flatMap(request => request.samples);
  const jitters = requests
    .filter(r => r.orchestrator !== null && r.samples.length >= 3)
    .map(r => {
      const mu = sum(r.samples) / r.samples.length;
      const variance =
        sum(r.samples.map(x => (x - mu) ** 2)) / r.samples.length;
      return Math.sqrt(variance) / mu;
    });
  const known = requests.filter(r => r.gpu !== null);
  const knownSamples = known.flatMap(r => r.samples);
  const cold = requests.filter(r => r.warm === false);
  return {
    requests: requests.length,
    failed: count(r => r.outcome === 'failed'),
    unserved: count(r => r.outcome === 'unserved'),
    abandoned: count(r => r.outcome === 'abandoned'),
    unknown: count(r => r.outcome === 'unknown'),
    running: count(r => r.outcome === 'running'),
    served: count(isServed),
    swapped: count(r => r.swapped),
    swapped_served: count(r => r.swapped && isServed(r)),
    error_events: sum(requests.map(r => r.error_events)),
    restarts: sum(requests.map(r => Math.floor(r.error_events / 2))),
    overlay: count(r => r.overlay),
    fps_samples: samples.length,
    fps_mean: mean(samples),
    fps_p50: nearestRank(samples, 0.5),
    fps_p95: nearestRank(samples, 0.95),
    failure_rate: mean(requests.map(r => (r.outcome === 'failed' ? 1 : 0))),
    swap_rate: mean(requests.map(r => (r.swapped ? 1 : 0))),
    jitter_n: jitters.length,
    jitter_mean: mean(jitters),
    cue:
      knownSamples.length === 0
        ? null
        : (sum(knownSamples) * 2e12) / (knownSamples.length * 1e14),
    cue_samples: knownSamples.length,
    ptff_ms: summary(requests.map(r => (r.overlay ? null : r.ptff_ms))),
    e2e_ms: summary(requests.map(r => (r.overlay ? null : r.e2e_ms))),
    startup_ms: summary(requests.map(r => r.startup_ms)),
    cold_startup_ms: summary(cold.map(r => r.startup_ms)),
    inference_minutes: requests.length,
    payments: requests.length,
    unread_payments: count(r => r.overlay),
  };
}
