import { readConnectors } from '@naap/lakehouse';
import type { ConnectorInfo } from '@naap/plugin-naap-common';
import { kafkaConnectLineage } from './lineage';

const row = (facts: Partial<ConnectorInfo>): ConnectorInfo => ({
  name: 'bronze-events',
  topics: ['naap.events'],
  table: 'bronze.events',
  state: 'running',
  error: null,
  lag: 0,
  committedAt: null,
  drift: [],
  ...facts,
});

describe('kafkaConnectLineage', () => {
  it('leads from the gate by topic and connector to the table, as the files of the connectors say', async () => {
    const declared = await readConnectors('hive');
    const list = async () => ({ rows: [], deadLetters: 0, problems: [] });
    const { nodes, edges } = await kafkaConnectLineage({
      declared,
      list,
    }).read();
    const next = (from: string) =>
      edges.filter(edge => edge.from === from).map(({ to }) => to);
    for (const table of ['events', 'quarantine', 'batches']) {
      expect(next('gate')).toContain(`kafka.naap.${table}`);
      expect(next(`kafka.naap.${table}`)).toEqual([
        `connector.bronze-${table}`,
      ]);
      expect(next(`connector.bronze-${table}`)).toEqual([
        `bronze.${table}`,
        'kafka.naap.dead-letters',
      ]);
    }
    const ids = nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(7);
  });

  it('says of each connector whether it is well, and of dead letters that there should be none', async () => {
    const committedAt = '2026-01-08T21:49:05.298Z';
    const lineage = kafkaConnectLineage({
      declared: [],
      list: async () => ({
        rows: [
          row({ committedAt }),
          row({ name: 'bronze-batches', state: 'failed' }),
          row({ name: 'bronze-quarantine', state: 'unknown' }),
        ],
        deadLetters: 2,
        problems: [],
      }),
    });
    expect(await lineage.facts()).toEqual({
      'kafka.naap.dead-letters': { rows: 2, ok: false },
      'connector.bronze-events': { updatedAt: committedAt, ok: true },
      'connector.bronze-batches': { updatedAt: null, ok: false },
      'connector.bronze-quarantine': { updatedAt: null, ok: null },
    });
  });
});
