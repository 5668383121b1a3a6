import type { GoldSource } from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';
import type { Serving } from '@naap/serving';

/** `sync`: the changed days of gold into ClickHouse, all or nothing. */
export function syncStep(
  serving: Pick<Serving, 'sync'>,
  gold: GoldSource,
): PipelineStep {
  return {
    id: 'sync',
    title: 'Sync to ClickHouse',
    async run({ signal, logger }) {
      const result = await serving.sync(gold, {
        signal,
        onProgress: ({ step, done, total, rows }) =>
          logger.debug(`${step}: ${done} of ${total} days, ${rows} rows`),
      });
      return {
        changed: result.replaced.length + result.dropped.length > 0,
        details: { ...result },
      };
    },
  };
}
