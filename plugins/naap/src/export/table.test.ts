import { answerMeta, kpiRow } from '../testing/answers';
import { flattenKpis } from './flatten';
import { exportMeta, fileName } from './table';
import { toJson } from './toJson';

const META = exportMeta(
  answerMeta({
    simulated: true,
    watermark: '2026-01-09T20:40:00.000Z',
    window: {
      from: '2026-01-08T21:00:00.000Z',
      to: '2026-01-09T21:00:00.000Z',
      grain: '1h',
      state: 'provisional',
    },
  }),
);
const AT = new Date('2026-01-09T20:45:01.234Z');

describe('an exported table', () => {
  it('is named after its window and the time', () => {
    expect(fileName({ name: 'requests', rows: [] }, META, AT, 'csv')).toBe(
      'naap-requests-20260108T21Z-20260109T21Z-at-20260109T204501Z.csv',
    );
    expect(
      fileName(
        { name: 'requests', rows: [] },
        { ...META, window_from: null, window_to: null },
        AT,
        'json',
      ),
    ).toBe('naap-requests-all-all-at-20260109T204501Z.json');
  });

  it('says as JSON where its numbers come from, and how many rows there are', () => {
    const table = { name: 'requests', rows: [{ n: 0, gpu: null }], total: 7 };
    expect(JSON.parse(toJson(table, META, AT))).toEqual({
      table: 'requests',
      exported_at: '2026-01-09T20:45:01.234Z',
      window_from: '2026-01-08T21:00:00.000Z',
      window_to: '2026-01-09T21:00:00.000Z',
      window_state: 'provisional',
      watermark: '2026-01-09T20:40:00.000Z',
      build_id: 'b1',
      simulated: true,
      total: 7,
      rows: [{ n: 0, gpu: null }],
    });
  });

  it('has latencies without nesting, and nulls as they are', () => {
    const flat = flattenKpis(
      kpiRow({
        orchestrator: '0xa',
        ptff_ms: { n: 3, mean: 2, p50: 1, p95: null, p99: null },
      }),
    );
    expect(flat).toMatchObject({
      orchestrator: '0xa',
      ptff_ms_n: 3,
      ptff_ms_p50: 1,
      ptff_ms_p95: null,
      fps_mean: null,
      requests: 0,
    });
    expect(
      Object.values(flat).every(value => typeof value !== 'object' || !value),
    ).toBe(true);
  });
});
