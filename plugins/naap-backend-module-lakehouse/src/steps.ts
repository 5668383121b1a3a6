import { isBehind, positionsText } from '@naap/ingestion/bus';
import {
  BRONZE_TABLES,
  bronzeFacts,
  type LakeCatalog,
  type LakeCommitter,
  type LakeComparer,
} from '@naap/lakehouse';
import type { StepPlan } from '@naap/plugin-naap-common';
import type { Maintainer, PipelineStep } from '@naap/plugin-naap-node';
import { lakePositions } from './lakePositions';

async function bronzeTables(
  catalog: LakeCatalog,
): Promise<StepPlan['touches']> {
  const facts = await bronzeFacts(catalog);
  return BRONZE_TABLES.map(table => ({
    kind: 'table',
    name: `bronze.${table}`,
    rows: facts[table]?.rows ?? null,
    note: null,
  }));
}

/** `commit`: the event log into the Iceberg tables. */
export function commitStep(
  catalog: LakeCatalog,
  committer: Pick<LakeCommitter, 'commit'>,
): PipelineStep {
  return {
    id: 'commit',
    title: 'Commit to the lake',
    description:
      'Takes what arrived in the event log into the Iceberg tables, each row exactly once.',
    component: 'component:default/naap-lake',
    reads: [],
    writes: ['lake'],
    parameters: [],

    async plan() {
      return {
        summary: 'Appends what the event log holds beyond the tables.',
        touches: await bronzeTables(catalog),
      };
    },

    async progress(bus) {
      const lake = lakePositions(await catalog.tables());
      const source = positionsText(bus);
      return {
        source,
        // What it holds beyond the bus, as after the log was lost, is nothing to commit.
        taken: isBehind(lake, bus) ? positionsText(lake) : source,
      };
    },

    async run({ signal, logger }) {
      const { committed, nextOffset } = await committer.commit({
        signal,
        onProgress: ({ message }) => logger.info(message),
      });
      const rows = Object.values(committed).reduce((sum, n) => sum + n, 0);
      return {
        changed: rows > 0,
        details: { ...committed, nextOffset },
        rows,
        committed: lakePositions(await catalog.tables()),
      };
    },
  };
}

/** `maintain`: compacts small files, expires snapshots. No row changes. */
export function maintainStep(
  catalog: LakeCatalog,
  maintainer: Maintainer,
): PipelineStep {
  return {
    id: 'maintain',
    title: 'Maintain the lake',
    description:
      'Merges small files, expires old snapshots and removes what nothing references. No row changes.',
    component: 'component:default/naap-lake-maintenance',
    reads: [],
    writes: maintainer.writes,
    parameters: [],

    async plan() {
      return {
        summary: 'Merges small files and removes old ones; no row changes.',
        touches: await bronzeTables(catalog),
      };
    },

    async run({ signal, logger }) {
      const tables = await maintainer.maintain(
        {},
        { signal, onProgress: ({ message }) => logger.info(message) },
      );
      return { changed: false, details: tables };
    },
  };
}

/** `compare`: whether the lake has each message of the topics of Kafka that it was filled from, once. */
export function compareStep(
  comparer: Pick<LakeComparer, 'compare'>,
): PipelineStep {
  return {
    id: 'compare',
    title: 'Compare with Kafka',
    description:
      'Looks whether the lake has each message of the topics that it was filled from, and none twice. No row changes.',
    component: 'component:default/naap-lake-maintenance',
    // It reads states of the tables that stay while others write.
    reads: [],
    writes: [],
    parameters: [],

    async plan() {
      return {
        summary: 'Reads where messages lay; writes nothing.',
        touches: [],
      };
    },

    async run({ signal, logger }) {
      const partitions = await comparer.compare({
        signal,
        onProgress: ({ message }) => logger.info(message),
      });
      if (partitions.length === 0) {
        logger.info('nothing in the lake came by Kafka more than an hour ago');
      }
      return { changed: false, details: { partitions } };
    },
  };
}
