import { gpuRow, META } from '../__testUtils__/rows';
import { gpuMetricsRows } from './gpuMetrics';

const rowsOf = (...rows: Parameters<typeof gpuRow>) =>
  gpuMetricsRows({ meta: META, rows: [gpuRow(...rows)], next: null });

describe('gpuMetricsRows', () => {
  it('has the shape of the requirements, rates in percent', () => {
    const [row] = rowsOf({
      orchestrator_version: '0.8.8',
      stable: true,
      models: ['m'],
      regions: ['FRA'],
      requests: 20,
      served: 18,
      failed: 1,
      failure_rate: 0.05,
      failure_rate_low: 0.01,
      failure_rate_high: 0.25,
      fps_mean: 20,
      fps_samples: 300,
      jitter_mean: 0.1,
      jitter_n: 18,
      cue: 0.8,
      cue_samples: 300,
      ptff_ms: { n: 18, mean: 900, p50: 800, p95: 1500, p99: 2000 },
    });
    expect(row).toMatchObject({
      o_wallet: '0xa',
      orchestrator_agent_version: '0.8.8',
      time_window: '2026-01-08T21:00:00.000Z/2026-01-08T22:00:00.000Z',
      gpu_id: 'GPU-1',
      gpu_id_stable: true,
      note: null,
      metrics: {
        output_fps: 20,
        prompt_to_first_frame_latency_ms: 900,
        jitter_coefficient: 0.1,
        failure_rate_pct: 5,
        cuda_utilization_efficiency_pct: 80,
      },
      evidence: {
        requests: 20,
        failed: 1,
        failure_rate_pct: { low: 1, high: 25 },
        output_fps_samples: 300,
      },
    });
  });

  it('says null where there is no evidence, never 0', () => {
    const [row] = rowsOf();
    expect(Object.values(row.metrics)).toEqual([null, null, null, null, null]);
    expect(row.evidence.failure_rate_pct).toBeNull();
  });

  it('says of an id that churns that it is not stable', () => {
    expect(rowsOf({ stable: false })[0]).toMatchObject({
      gpu_id_stable: false,
      note: expect.stringContaining('not stable'),
    });
  });

  it('says of what has no GPU what it is', () => {
    expect(rowsOf({ gpu_id: null })[0].note).toContain('could not be tied');
  });

  it('has no window where the question has an open end', () => {
    const open = { ...META, window: { ...META.window, to: null } };
    const [row] = gpuMetricsRows({
      meta: open,
      rows: [gpuRow()],
      next: null,
    });
    expect(row.time_window).toBeNull();
  });
});
