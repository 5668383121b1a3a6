import { servingLineage } from './lineage';

describe('servingLineage', () => {
  it('tells of every table that is served how many rows it has', async () => {
    const lineage = servingLineage({
      tables: async () => [
        { name: 'dim_models', rows: 2 },
        { name: 'kpi_hourly', rows: 0 },
      ],
    });
    const facts = await lineage.facts();
    expect(facts).toEqual({
      'clickhouse.dim_models': { rows: 2 },
      'clickhouse.kpi_hourly': { rows: 0 },
    });
    const ids = (await lineage.read()).nodes.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(facts)));
  });
});
