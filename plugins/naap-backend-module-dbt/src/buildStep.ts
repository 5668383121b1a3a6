import { InputError } from '@backstage/errors';
import {
  BRONZE_TABLES,
  type Builder,
  type LakeCatalog,
  UnknownModelError,
} from '@naap/lakehouse';
import type { StepArguments, StepPlan } from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';

function summaryOf(
  { full, model, days }: StepArguments,
  count: number,
): string {
  if (full) return `Makes all ${count} models anew from all events.`;
  if (model !== undefined) {
    return `Builds what arrived since the last build, then makes ${model} and what is made from it anew from all events: ${count} models.`;
  }
  if (days) {
    return `Builds what arrived since the last build, and takes the messages of ${days.join(
      ', ',
    )} again: their requests and hours are made anew, while the numbers of before are served.`;
  }
  return 'Builds what arrived since the last build: the requests and hours that it changes.';
}

/** Null where there is none at all. */
function snapshotsText(ids: Array<string | null | undefined>): string | null {
  return ids.some(id => id) ? ids.map(id => id ?? '–').join(' ') : null;
}

/** `build`: bronze → silver → gold. Data tests that fail are no error: the numbers are served with the result beside them. */
export function buildStep(
  builder: Builder,
  catalog: Pick<LakeCatalog, 'snapshot'>,
): PipelineStep {
  return {
    id: 'build',
    title: 'Build gold',
    description:
      'dbt makes requests of the events in the lake and KPIs of the requests, and tests them.',
    component: 'component:default/naap-dbt',
    reads: ['lake'],
    writes: ['gold'],
    parameters: [
      {
        name: 'full',
        type: 'flag',
        title: 'Everything anew',
        description: 'From all events, instead of what arrived.',
      },
      {
        name: 'model',
        type: 'model',
        title: 'Model',
        description:
          'This model and what is made from it anew, after what arrived is built.',
      },
      {
        name: 'days',
        type: 'days',
        title: 'Days again',
        description: 'The messages of these days again, with what arrived.',
      },
    ],

    async plan(options): Promise<Pick<StepPlan, 'summary' | 'touches'>> {
      const { models } = await builder.plan(options).catch(error => {
        throw error instanceof UnknownModelError
          ? new InputError(error.message)
          : error;
      });
      return {
        summary: summaryOf(options, models.length),
        touches: models.map(({ name, layer, rows }) => ({
          kind: 'model',
          name,
          rows,
          note: layer,
        })),
      };
    },

    async progress() {
      const ids = await Promise.all(
        BRONZE_TABLES.map(async table => (await catalog.snapshot(table))?.id),
      );
      const read = (await builder.state())?.snapshots;
      return {
        source: snapshotsText(ids),
        taken: snapshotsText(BRONZE_TABLES.map(table => read?.[table])),
      };
    },

    async run({ signal, logger, options }) {
      const result = await builder.run({
        full: options.full,
        model: options.model,
        days: options.days,
        signal,
        onProgress: ({ message }) => logger.info(message),
      });
      if (result.failures.length > 0) {
        logger.warn(`Data tests failed: ${result.failures.join(', ')}`);
      }
      return {
        changed: result.skipped === null,
        details: { ...result },
        rows: result.models.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
      };
    },
  };
}
