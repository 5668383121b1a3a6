import { KPI_CATALOGUE, KpiRow } from '@naap/plugin-naap-common';
import { kpiRow, META, scoreRow } from '../__testUtils__/rows';
import { complianceRows, TargetedModels } from './compliance';

const modelsOf = (...rows: KpiRow[]) => {
  const models = new TargetedModels();
  rows.forEach(row => models.add(row));
  return models;
};

const rowsOf = (of: Partial<Parameters<typeof complianceRows>[0]>) =>
  complianceRows({
    scores: { meta: META, rows: [scoreRow()], next: null },
    kpis: [],
    models: modelsOf(),
    targets: [],
    ...of,
  });

describe('complianceRows', () => {
  it('gives the score, its parts and n', () => {
    const score = scoreRow({
      score: 91,
      score_low: 85,
      score_high: 95,
      reliability: 0.97,
      quality: 0.8,
      attainments: { fps: 1, startup: 0.5, e2e: null, jitter: 0.9 },
      served: 120,
      completeness: 0.99,
    });
    expect(
      rowsOf({ scores: { meta: META, rows: [score], next: null } }),
    ).toEqual([
      {
        orchestrator_id: '0xa',
        period: '2026-01-08T21:00:00.000Z/2026-01-08T22:00:00.000Z',
        sla_score: 91,
        sla_score_interval: { low: 85, high: 95 },
        reliability: 0.97,
        quality: 0.8,
        attainments: { fps: 1, startup: 0.5, e2e: null, jitter: 0.9 },
        n: 120,
        completeness: 0.99,
        kpis: [],
      },
    ]);
  });

  it('has no interval without a score: not enough data', () => {
    expect(rowsOf({})[0]).toMatchObject({
      sla_score: null,
      sla_score_interval: null,
    });
  });

  it('grades every KPI of the orchestrator by the targets of its own models', () => {
    const evidence = {
      requests: 100,
      served: 90,
      failed: 5,
      failure_rate: 0.05,
      failure_rate_low: 0.02,
      failure_rate_high: 0.11,
      fps_samples: 500,
      fps_mean: 12,
      fps_fed_samples: 500,
      fps_fed_mean: 12,
    };
    const target = { value: 20, source: 'table' as const };
    const [row] = rowsOf({
      kpis: [
        kpiRow({ orchestrator: '0xother' }),
        kpiRow({ orchestrator: '0xa', ...evidence }),
      ],
      models: modelsOf(
        kpiRow({ orchestrator: '0xa', model: 'm', ...evidence }),
      ),
      targets: [{ model: 'm', fps: target, ptff_ms: null, startup_ms: null }],
    });
    expect(row.kpis.map(({ kpi }) => kpi)).toEqual(
      KPI_CATALOGUE.map(({ id }) => id),
    );
    const byUnit = (unit: string) => row.kpis.filter(kpi => kpi.unit === unit);
    expect(byUnit('fps')).toEqual([
      expect.objectContaining({
        value: 12,
        n: 500,
        target: { value: 20, comparison: '≥', source: 'table' },
        status: 'not_met',
      }),
    ]);
    expect(byUnit('fraction')[0]).toMatchObject({
      value: 0.05,
      interval: { low: 0.02, high: 0.11 },
      status: 'not_met',
    });
    // No jitter was measured: that is no jitter of 0.
    expect(byUnit('ratio')[0]).toMatchObject({
      value: null,
      status: 'too_few',
    });
  });

  it('has met a target of models when each model meets its own', () => {
    const of = (model: string, fps_mean: number) =>
      kpiRow({ orchestrator: '0xa', model, fps_mean, fps_samples: 99 });
    const own = (model: string, value: number) => ({
      model,
      fps: { value, source: 'table' as const },
      ptff_ms: null,
      startup_ms: null,
    });
    const fpsOf = (slow: number) =>
      rowsOf({
        kpis: [kpiRow({ orchestrator: '0xa', fps_mean: 15, fps_samples: 198 })],
        models: modelsOf(of('fast', 25), of('slow', slow), of('slower', 5)),
        targets: [own('fast', 20), own('slow', 8)],
      })[0].kpis.find(({ kpi }) => kpi === 'output_fps');
    expect(fpsOf(8)).toMatchObject({ status: 'met', target: null });
    expect(fpsOf(7)).toMatchObject({ status: 'not_met', target: null });
  });
});
