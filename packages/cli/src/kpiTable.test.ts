import type { AnswerMeta, KpiRow } from '@naap/serving';
import { groupRow, kpiRows, windowText } from './kpiTable';

const noLatency = { n: 0, mean: null, p50: null, p95: null, p99: null };
const none = { met: 0, not_met: 0, too_few: 0, inconclusive: 0, no_target: 0 };

/** 12 requests, whose E2E is graded by a mean that no percentile is. */
const row = {
  model: null,
  requests: 12,
  failure_rate: 0,
  failure_rate_low: 0,
  failure_rate_high: 0.2425,
  swap_rate: 0.5,
  swap_rate_low: 0.25,
  swap_rate_high: 0.75,
  fps_samples: 29,
  fps_mean: 16,
  fps_p50: 15.9,
  fps_p95: 20,
  jitter_n: 0,
  jitter_mean: null,
  jitter_p95: null,
  cue: null,
  cue_samples: 0,
  ptff_ms: noLatency,
  startup_ms: noLatency,
  e2e_ms: { n: 11, mean: 2900, p50: 1200, p95: 5000, p99: 6000 },
} as unknown as KpiRow;

const lines = (targets = {}) =>
  kpiRows(row, targets) as Array<Record<string, string>>;
const line = (name: string, targets = {}) =>
  lines(targets).find(({ KPI }) => KPI === name);

describe('kpiRows', () => {
  it('says of each KPI the value that is graded, its percentiles beside it', () => {
    expect(lines()).toHaveLength(8);
    expect(line('E2E stream latency')).toEqual({
      KPI: 'E2E stream latency',
      value: '2.90 s',
      n: '11',
      '95 % interval': '',
      p50: '1.2 s',
      p95: '5.0 s',
      target: '≤ 3 s',
      verdict: 'met',
    });
  });

  it('tells too few from inconclusive, and why', () => {
    expect(line('Inference failure rate')).toMatchObject({
      value: '0 %',
      '95 % interval': '0 – 24.3 %',
      verdict: 'inconclusive (the interval holds the target)',
    });
    const fps = { fps: { value: 16, source: 'table' } };
    expect(line('Output FPS', fps)).toMatchObject({
      target: '≥ 16 fps, set for the model',
      verdict: 'too few (29 of the 30 samples needed)',
    });
    expect(line('Jitter coefficient')).toMatchObject({
      value: '–',
      verdict: 'too few (No request with three output samples or more)',
    });
  });

  it('counts models where each has a target of its own', () => {
    const models = { fps: { ...none, met: 2, not_met: 2 } };
    expect(line('Output FPS', { models })).toMatchObject({
      target: 'per model',
      verdict: '2 of 4 models meet it',
    });
    expect(line('Output FPS', { fps: null })).toMatchObject({
      target: 'none for this model',
      verdict: 'no target',
    });
  });
});

describe('groupRow', () => {
  it('is what the group is of, and each KPI with a mark', () => {
    expect(groupRow(row, ['model'], {})).toEqual({
      model: null,
      requests: '12',
      FPS: '16.0 fps ·',
      'First frame': '–',
      E2E: '2.90 s ✓',
      Startup: '–',
      Jitter: '–',
      Failures: '0 % ~',
      Swaps: '50.0 % ✗',
      CUE: '–',
    });
  });
});

describe('windowText', () => {
  const now = new Date('2026-01-15T10:20:30Z');
  const meta = (window: { from: string | null; to: string | null }) =>
    ({
      watermark: '2026-01-15T10:19:50.000Z',
      freshnessMs: 40_000,
      firstHour: '2026-01-14T15:00:00.000Z',
      simulated: true,
      window: { ...window, state: 'provisional' },
    } as AnswerMeta);

  it('says what window it is, when data begins in it, and how fresh it is', () => {
    const to = '2026-01-15T11:00:00.000Z';
    expect(
      windowText(meta({ from: '2026-01-08T10:00:00.000Z', to }), now),
    ).toBe(
      'window  8 Jan 10:00 – 15 Jan 11:00 UTC, provisional, data since 14 Jan 15:00\n' +
        'as of   10:19:50 UTC, 40 s ago, simulated network\n',
    );
    expect(windowText(meta({ from: null, to: null }), now)).toContain(
      'window  14 Jan 15:00 – 15 Jan 10:19 UTC, provisional\n',
    );
  });

  it('names a way on where nothing is served', () => {
    const nothing = { ...meta({ from: null, to: null }), watermark: null };
    expect(windowText(nothing, now)).toMatch(/\.\/naap ingest/);
  });
});
