import { LineageState } from '@naap/plugin-naap-common';
import { lineageNode } from '../testing/lineage';
import { matches, readNode } from './nodeState';

const now = Date.parse('2026-01-08T10:00:40.000Z');
const state = (facts: Partial<LineageState> = {}): LineageState => ({
  updatedAt: '2026-01-08T10:00:00.000Z',
  runId: 'run-1',
  ok: true,
  rows: 1204,
  tests: { passed: 3, failed: 0, failing: [] },
  ...facts,
});

describe('readNode', () => {
  it.each<[LineageState | null, string, string]>([
    [state(), 'ok', 'ok'],
    [state({ ok: false }), 'failed', 'failed'],
    [
      state({ tests: { passed: 3, failed: 1, failing: ['unique'] } }),
      'failed',
      '1 test fails',
    ],
    [state({ ok: null }), 'ok', 'ok'],
    [state({ ok: null, updatedAt: null }), 'unknown', 'not known'],
    [null, 'unknown', 'not known'],
  ])('%j is %s: %s', (given, health, word) => {
    expect(readNode({ state: given }, now)).toMatchObject({ health, word });
  });

  it('knows null from zero rows', () => {
    expect(readNode({ state: state({ rows: 0 }) }, now).rows).toBe('0 rows');
    expect(readNode({ state: state({ rows: null }) }, now).rows).toBeNull();
  });
});

it('finds by title, id and type, and nothing by nothing', () => {
  const node = lineageNode({ id: 'model.naap.kpi_hourly', title: 'Hourly' });
  expect(matches(node, ' KPI_ ')).toBe(true);
  expect(matches(node, 'hour')).toBe(true);
  expect(matches(node, 'bronze')).toBe(false);
  expect(matches(node, '  ')).toBe(false);
});
