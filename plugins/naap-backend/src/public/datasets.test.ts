import { spec } from '../schema';
import { datasetRows } from './datasets';

const rowsOf = (of: Partial<Parameters<typeof datasetRows>[0]> = {}) =>
  datasetRows({
    document: spec,
    baseUrl: '/api/naap/v1',
    firstHour: null,
    lastHour: null,
    refreshedAt: null,
    rows: { requests: 7 },
    ...of,
  });

describe('datasetRows', () => {
  it('names for every dataset a path of the document and columns with a type', () => {
    for (const { name, url, columns } of rowsOf()) {
      const path = url.replace('/api/naap/v1', '').split('?')[0];
      expect(Object.keys(spec.paths)).toContain(path);
      expect(columns.length).toBeGreaterThan(0);
      expect([name, ...columns.map(column => column.type)]).not.toContain('');
    }
  });

  it('follows references and joins what is composed', () => {
    const kpis = rowsOf().find(({ name }) => name === 'kpis');
    expect(kpis?.columns).toEqual(
      expect.arrayContaining([
        {
          name: 'hour',
          type: 'string or null',
          description: null,
        },
        { name: 'fps_mean', type: 'number or null', description: null },
      ]),
    );
  });

  it('knows what is open to all and how many rows there are, or null', () => {
    const access = Object.fromEntries(
      rowsOf().map(row => [row.name, [row.access, row.rows]]),
    );
    expect(access).toMatchObject({
      requests: ['token', 7],
      'gpu-metrics': ['public', null],
    });
  });

  it('limits to a type', () => {
    expect(new Set(rowsOf({ type: 'scores' }).map(row => row.type))).toEqual(
      new Set(['scores']),
    );
  });

  it('gives for a workflow only what can be limited to it, at the address that does so', () => {
    const rows = rowsOf({
      workflow: { name: 'a model & more', filters: { model: ['a model'] } },
    });
    expect(rows.map(({ name, url }) => [name, url])).toEqual(
      expect.arrayContaining([
        ['gpu-metrics', '/api/naap/v1/gpu/metrics?workflow=a+model+%26+more'],
        ['requests', '/api/naap/v1/requests?model=a+model+%26+more'],
      ]),
    );
    expect(rows.map(({ name }) => name)).not.toContain('sla-compliance');
  });
});
