import type { GoldSource, StepPlan } from '@naap/plugin-naap-common';
import { type PipelineStep, translated } from '@naap/plugin-naap-node';
import { PublicationInterruptedError, type Serving } from '@naap/serving';

type Planned = Pick<StepPlan, 'summary' | 'touches'>;

const counted = (n: number, noun: string) =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;

/** `sync`: the changed days of gold into ClickHouse, the newest first. */
export function syncStep(
  serving: Pick<Serving, 'sync' | 'plan' | 'state'>,
  gold: GoldSource,
  goldBuild: () => Promise<string | null>,
): PipelineStep {
  async function plan(days?: string[]): Promise<Planned> {
    const planned = await translated(serving.plan(gold, { days }));
    const replaced = planned.filter(({ action }) => action === 'replace');
    const dropped = planned.length - replaced.length;
    return {
      summary:
        planned.length === 0
          ? 'Nothing to do: what is served is what gold holds.'
          : `Replaces ${counted(replaced.length, 'day')}${
              dropped > 0
                ? ` and drops ${counted(dropped, 'day')} that gold has no more`
                : ''
            }.`,
      touches: planned.map(({ day, action, rows }) => ({
        kind: 'day',
        name: day,
        rows,
        note: action,
      })),
    };
  }
  /** The build that is served whole; null: none, as after a sync that was cut off while it published. */
  async function served(): Promise<string | null> {
    try {
      return (await serving.state()).build?.id ?? null;
    } catch (error) {
      if (error instanceof PublicationInterruptedError) return null;
      throw error;
    }
  }
  return {
    id: 'sync',
    title: 'Sync to ClickHouse',
    description:
      'Copies the days of gold that changed into ClickHouse, the newest first, checks rows and sums, and serves them.',
    component: 'component:default/naap-clickhouse-sync',
    reads: ['gold'],
    writes: ['served'],
    parameters: [
      {
        name: 'days',
        type: 'days',
        title: 'Days',
        description:
          'Only these days. Until the others follow, the served build and watermark stay the old ones.',
      },
    ],
    plan: ({ days }) => plan(days),
    async progress() {
      return { source: await goldBuild(), taken: await served() };
    },
    async run({ signal, logger, options: { days } }) {
      // A day that nobody has would be left out without a word.
      if (days) await plan(days);
      const result = await serving.sync(gold, {
        days,
        signal,
        onProgress: ({ step, from, to, done, total, rows }) =>
          logger.info(
            `${step === 'stage' ? 'Staged' : 'Published'} ${
              from === to
                ? from ?? 'a build that changed no day'
                : `${from} to ${to}`
            }, ${done} of ${counted(total, 'day')}; ${counted(
              rows,
              'row',
            )} so far`,
          ),
      });
      return {
        changed: result.replaced.length + result.dropped.length > 0,
        details: { ...result },
        rows: result.rows,
      };
    },
  };
}
