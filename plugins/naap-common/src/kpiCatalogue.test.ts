import { KPI_IDS, KpiRow, LatencySummary } from '@naap/serving/contract';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isLatency,
  KPI_CATALOGUE,
  kpiDefinition,
  kpiGrade,
  peerMedian,
  RowTargets,
  SCORE_DEFINITION,
  targetsTogether,
} from './kpiCatalogue';

const noLatency: LatencySummary = {
  n: 0,
  mean: null,
  p50: null,
  p95: null,
  p99: null,
};

function kpiRow(facts: Partial<KpiRow>): KpiRow {
  return {
    requests: 0,
    failed: 0,
    unserved: 0,
    abandoned: 0,
    unknown: 0,
    running: 0,
    served: 0,
    swapped: 0,
    swapped_served: 0,
    failed_swaps: 0,
    error_events: 0,
    restarts: 0,
    overlay: 0,
    complete: 0,
    startup_missing: 0,
    fps_samples: 0,
    fps_mean: null,
    fps_fed_samples: 0,
    fps_fed_mean: null,
    fps_p50: null,
    fps_p95: null,
    failure_rate: null,
    failure_rate_low: 0,
    failure_rate_high: 1,
    swap_rate: null,
    swap_rate_low: 0,
    swap_rate_high: 1,
    error_rate: null,
    jitter_n: 0,
    jitter_mean: null,
    jitter_p95: null,
    cue: null,
    cue_samples: 0,
    ptff_ms: noLatency,
    e2e_ms: noLatency,
    startup_ms: noLatency,
    cold_startup_ms: noLatency,
    inference_ms: 0,
    inference_minutes: 0,
    fees_eth: 0,
    payments: 0,
    unread_payments: 0,
    ...facts,
  };
}

function statusOf(
  id: Parameters<typeof kpiDefinition>[0],
  row: KpiRow,
  targets?: RowTargets,
) {
  const definition = kpiDefinition(id);
  return kpiGrade(definition, definition.read(row), targets).status;
}

const failures = (
  requests: number,
  failureRate: number,
  low: number,
  high: number,
) =>
  kpiRow({
    requests,
    failure_rate: failureRate,
    failure_rate_low: low,
    failure_rate_high: high,
  });

describe('KPI catalogue (kpis.md §3)', () => {
  it('has each KPI once', () => {
    const ids = new Set(KPI_CATALOGUE.map(kpi => kpi.id));
    expect(ids.size).toBe(KPI_CATALOGUE.length);
    expect(ids).toEqual(new Set(KPI_IDS));
  });

  it('knows latencies, which have percentiles beside the mean', () => {
    const latencies = KPI_CATALOGUE.filter(isLatency).map(({ id }) => id);
    expect(latencies).toEqual(['ptff', 'e2e', 'startup']);
    const { gold, ...startup } = kpiDefinition('startup');
    const mean = { ...startup, gold: { ...gold, metrics: [] } };
    expect(isLatency(mean)).toBe(false);
  });

  it.each(KPI_CATALOGUE)(
    'reads $id of an empty row as null with a reason, never as 0',
    definition => {
      const reading = definition.read(kpiRow({}));
      expect(reading.graded).toBeNull();
      expect(reading.absence).toBe('No request in this window');
      const { status, target } = kpiGrade(definition, reading);
      expect(status).toBe(target ? 'too_few' : 'no_target');
    },
  );

  it('tells "nothing measured" from "no request"', () => {
    const reading = kpiDefinition('ptff').read(kpiRow({ requests: 3 }));
    expect(reading.absence).toBe('No request with a first processed segment');
  });

  it('keeps a zero a zero', () => {
    const reading = kpiDefinition('failure_rate').read(
      failures(400, 0, 0, 0.0095),
    );
    expect(reading.graded).toBe(0);
    expect(reading.absence).toBeNull();
  });
});

describe('status by interval (portal.md)', () => {
  it.each([
    ['met', failures(400, 0, 0, 0.0095)],
    ['not_met', failures(1204, 0.024, 0.016, 0.035)],
    ['inconclusive', failures(100, 0.01, 0.0018, 0.054)],
    // Under ten requests it is not graded, however bad it looks.
    ['too_few', failures(9, 1, 0.7, 1)],
    // "< 1 %" is strict: an interval that starts at the target is wholly on the bad side.
    ['not_met', failures(5000, 0.013, 0.01, 0.017)],
  ])('is %s', (status, row) => {
    expect(statusOf('failure_rate', row)).toBe(status);
  });

  it('compares a mean directly from the minimum on', () => {
    const e2e = (n: number, mean: number) =>
      statusOf('e2e', kpiRow({ e2e_ms: { ...noLatency, n, mean, p50: 1 } }));
    expect(e2e(10, 3000)).toBe('met');
    expect(e2e(10, 3000.1)).toBe('not_met');
    expect(e2e(9, 100)).toBe('too_few');
  });

  it('grades jitter from 30 on', () => {
    const jitter = (n: number) =>
      statusOf('jitter', kpiRow({ jitter_n: n, jitter_mean: 0.1 }));
    expect(jitter(29)).toBe('too_few');
    expect(jitter(30)).toBe('met');
  });

  it('grades CUE from ten requests on, higher is better', () => {
    const cue = (requests: number, value: number) =>
      statusOf('cue', kpiRow({ requests, cue: value, cue_samples: 50 }));
    expect(cue(10, 0.8)).toBe('met');
    expect(cue(10, 0.79)).toBe('not_met');
    expect(cue(9, 0.9)).toBe('too_few');
  });

  it('has no target where several models have their own', () => {
    expect(
      statusOf('output_fps', kpiRow({ fps_samples: 99, fps_mean: 16 })),
    ).toBe('no_target');
  });

  it('grades the mean by the target of the model', () => {
    const fps = (mean: number) =>
      statusOf('output_fps', kpiRow({ fps_samples: 30, fps_mean: mean }), {
        fps: { value: 16, source: 'table' },
      });
    expect(fps(16)).toBe('met');
    expect(fps(15.9)).toBe('not_met');
    const startup = (mean: number) =>
      statusOf(
        'startup',
        kpiRow({ startup_ms: { ...noLatency, n: 10, mean, p50: 1 } }),
        { startup_ms: { value: 9000, source: 'network_median' } },
      );
    expect(startup(9000)).toBe('met');
    expect(startup(9001)).toBe('not_met');
  });
});

describe('wording of the definitions', () => {
  const contract = readFileSync(
    join(__dirname, '../../../docs/kpis.md'),
    'utf8',
  );
  const rowOf = (name: string) =>
    contract
      .split('\n')
      .find(line => line.startsWith('| ') && line.includes(name)) ?? '';
  const goldModel = (name: string) =>
    readFileSync(
      join(__dirname, `../../../dbt/models/gold/${name}.yml`),
      'utf8',
    );

  it.each(KPI_CATALOGUE.map(kpi => [kpi.id, kpi] as const))(
    '%s has the unit and the target of the contract, and names columns that gold has',
    (id, { name, unit, target, ofRequest, gold }) => {
      const row = rowOf(id === 'cue' ? '| CUE |' : name.split(' (')[0]);
      const [, , unitText, ofOne, , targetText] = row.split('|');
      expect(unitText.trim()).toBe(
        { ratio: '–', fps: 'fps' }[unit as 'fps'] ?? unit,
      );
      expect(targetText).toContain(
        typeof target === 'string'
          ? 'per model'
          : `${target.comparison} ${target.value}`,
      );
      expect(ofRequest === null).toBe(ofOne.trim() === '–');
      const columns = goldModel('kpi_hourly');
      gold.columns.forEach(column =>
        expect(columns).toContain(`{name: ${column},`),
      );
      const metrics = goldModel('kpi_latency_hourly');
      gold.metrics.forEach(metric => expect(metrics).toContain(`'${metric}'`));
    },
  );

  it('gives the score the weights of the contract', () => {
    const plain = (text: string) => text.replace(/[^\w.]+/g, ' ');
    const section = plain(contract.slice(contract.indexOf('## 4. SLA score')));
    SCORE_DEFINITION.formulas.forEach(formula =>
      expect(section).toContain(plain(formula)),
    );
    expect(section).toContain(`under ${SCORE_DEFINITION.minimum.count} served`);
  });
});

describe('targets of rows together (kpis.md §3: per model)', () => {
  const target = { value: 16, source: 'table' as const };
  const targets = [
    { model: 'a', fps: target, ptff_ms: null, startup_ms: target },
    { model: 'b', fps: null, ptff_ms: null, startup_ms: null },
  ];
  const served = (model: string | null, fps: number, startups: number) =>
    kpiRow({
      model,
      requests: 5,
      fps_samples: fps,
      startup_ms: { ...noLatency, n: startups },
    });

  it('are those of the only model', () => {
    expect(targetsTogether([served('a', 9, 9)], targets)).toEqual({
      fps: target,
      startup_ms: target,
    });
  });

  it('are none of several models, each of which is graded against its own', () => {
    const rows = [
      { ...served('a', 30, 9), fps_mean: 16 },
      { ...served('b', 30, 9), fps_mean: 16 },
      { ...served('c', 30, 9), fps_mean: 16 },
    ];
    const others = [
      { ...targets[1], model: 'c', fps: { ...target, value: 20 } },
    ];
    const together = targetsTogether(rows, [...targets, ...others]);
    expect(together).toEqual({
      models: {
        fps: { met: 1, not_met: 1, too_few: 0, inconclusive: 0, no_target: 1 },
        startup_ms: {
          met: 0,
          not_met: 0,
          too_few: 1,
          inconclusive: 0,
          no_target: 2,
        },
      },
    });
    const fps = kpiDefinition('output_fps');
    const grade = kpiGrade(fps, fps.read(rows[0]), together);
    expect(grade).toMatchObject({ status: 'not_met', target: null });
  });

  it('look only at rows with a value of the KPI', () => {
    // Requests that no message names a model of have no output sample.
    const rows = [served('a', 9, 9), served(null, 0, 2)];
    const together = targetsTogether(rows, targets);
    expect(together.fps).toEqual(target);
    expect(together).not.toHaveProperty('startup_ms');
  });

  it('tell a model without a target from several models', () => {
    expect(targetsTogether([served('b', 9, 0)], targets)).toEqual({
      fps: null,
    });
  });
});

describe('the median of peers', () => {
  const definition = kpiDefinition('failure_rate');
  const peer = (orchestrator: string | null, rate: number, requests = 10) => ({
    ...failures(requests, rate, 0, 1),
    orchestrator,
  });

  it('is the middle one, and between the two middle ones', () => {
    const rows = [peer('a', 0.3), peer('b', 0.1), peer('c', 0.2)];
    expect(peerMedian(definition, rows, 'orchestrator')).toEqual({
      value: 0.2,
      n: 3,
    });
    expect(
      peerMedian(definition, rows.slice(0, 2), 'orchestrator').value,
    ).toBeCloseTo(0.2);
  });

  it('leaves out who has too little evidence, and who is nobody', () => {
    const rows = [peer('a', 0.3), peer('b', 0.9, 9), peer(null, 0.9, 400)];
    expect(peerMedian(definition, rows, 'orchestrator')).toEqual({
      value: 0.3,
      n: 1,
    });
  });

  it('is null, not 0, of nobody', () => {
    expect(peerMedian(definition, [], 'orchestrator')).toEqual({
      value: null,
      n: 0,
    });
  });
});
