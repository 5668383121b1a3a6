import {
  BRONZE_TABLES,
  bronzeFacts,
  type BronzeTable,
  type LakeCatalog,
} from '@naap/lakehouse';
import type { StepId } from '@naap/plugin-naap-common';
import type { LineageNodeFacts, LineageSource } from '@naap/plugin-naap-node';

const DESCRIPTIONS: Record<BronzeTable, string> = {
  events:
    'Every accepted message as it came, one row per coordinate of the log.',
  quarantine: 'Every ignored or rejected message with the reason.',
  batches: 'How many messages of each class every durable append held.',
};

/**
 * The Iceberg tables, which the gate's classes are committed to.
 *
 * @param writtenBy - the step that does it, if any
 */
export function lakeLineage(
  catalog: LakeCatalog,
  writtenBy: StepId | undefined,
): LineageSource {
  return {
    id: 'lakehouse',
    async read() {
      return {
        nodes: BRONZE_TABLES.map(table => ({
          id: `bronze.${table}`,
          layer: 'bronze',
          type: 'iceberg-table',
          title: `bronze.${table}`,
          description: DESCRIPTIONS[table],
          step: writtenBy ?? null,
          entity: {
            kind: 'Resource',
            name: `bronze.${table}`,
            type: 'iceberg-table',
            tags: ['lakehouse', 'bronze'],
            restsOn: ['naap-lake', 'naap-iceberg'],
          },
          detailed: true,
        })),
        edges: BRONZE_TABLES.map(table => ({
          from: 'gate',
          to: `bronze.${table}`,
        })),
        parts: [
          {
            kind: 'Component',
            name: 'naap-lake',
            type: 'data-pipeline',
            title: 'Lake writer',
            description:
              'Commits the event log to the Iceberg tables, each row exactly once.',
            step: writtenBy ?? null,
            restsOn: ['naap-iceberg'],
          },
          {
            kind: 'Component',
            name: 'naap-lake-maintenance',
            type: 'data-pipeline',
            title: 'Lake maintenance',
            description:
              'Merges small files, expires snapshots and removes what nothing references.',
            step: 'maintain',
            restsOn: ['naap-iceberg'],
          },
          {
            kind: 'Resource',
            name: 'naap-iceberg',
            type: 'database',
            title: 'Lake (Apache Iceberg)',
            description: 'Catalog and data files of the bronze tables.',
            step: null,
          },
        ],
      };
    },
    async facts() {
      const facts: Record<string, LineageNodeFacts> = {};
      for (const [table, held] of Object.entries(await bronzeFacts(catalog))) {
        facts[`bronze.${table}`] = {
          rows: held.rows,
          updatedAt: held.committedAt,
        };
      }
      return facts;
    },
  };
}
