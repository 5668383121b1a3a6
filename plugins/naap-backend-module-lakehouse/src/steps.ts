import type { LakeCommitter } from '@naap/lakehouse';
import type { PipelineStep } from '@naap/plugin-naap-node';

/** `commit`: the event log into the Iceberg tables. */
export function commitStep(committer: LakeCommitter): PipelineStep {
  return {
    id: 'commit',
    title: 'Commit to the lake',
    async run({ signal, logger }) {
      const { committed, nextOffset } = await committer.commit({
        signal,
        onProgress: ({ message }) => logger.debug(message),
      });
      return {
        changed: Object.values(committed).some(rows => rows > 0),
        details: { ...committed, nextOffset },
        lakeOffset: nextOffset,
      };
    },
  };
}

/** `maintain`: compacts small files, expires snapshots. Gold sees no change. */
export function maintainStep(committer: LakeCommitter): PipelineStep {
  return {
    id: 'maintain',
    title: 'Maintain the lake',
    async run({ signal, logger }) {
      const tables = await committer.maintain(
        {},
        { signal, onProgress: ({ message }) => logger.debug(message) },
      );
      return { changed: false, details: tables };
    },
  };
}
