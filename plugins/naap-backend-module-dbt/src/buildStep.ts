import type { DbtRunner } from '@naap/lakehouse';
import type { PipelineStep } from '@naap/plugin-naap-node';

/** `build`: bronze → silver → gold. Data tests that fail are no error: the numbers are served with the result beside them. */
export function buildStep(dbt: Pick<DbtRunner, 'build'>): PipelineStep {
  return {
    id: 'build',
    title: 'Build gold',
    async run({ signal, logger, options }) {
      const result = await dbt.build({
        full: options.full,
        signal,
        onProgress: ({ message }) => logger.debug(message),
      });
      if (result.failures.length > 0) {
        logger.warn(`Data tests failed: ${result.failures.join(', ')}`);
      }
      return { changed: result.skipped === null, details: { ...result } };
    },
  };
}
