import { InputError } from '@backstage/errors';
import { bronzeFacts, type LakeCatalog } from '@naap/lakehouse';
import type { StepArguments } from '@naap/plugin-naap-common';
import type { Ingestion, PipelineStep } from '@naap/plugin-naap-node';

/** A bound of the range as ISO 8601; a day stands for its beginning. */
function toTime(
  name: 'from' | 'to',
  { [name]: text }: StepArguments,
): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new InputError(
      `'${name}' is '${text}'; use a time such as 2026-01-09 or 2026-01-09T12:00:00Z`,
    );
  }
  return new Date(ms).toISOString();
}

function rangeOf(options: StepArguments) {
  const range = { from: toTime('from', options), to: toTime('to', options) };
  return { ...range, all: options.full };
}

function summaryOf(options: StepArguments): string {
  const { from, to, all } = rangeOf(options);
  const which = all ? 'everything' : 'what another version of the gate judged';
  const since = from ? ` that came in from ${from} on` : '';
  const until = to ? `${since ? ',' : ' that came in'} before ${to}` : '';
  return `Judges ${which}${since}${until} anew. Messages move between bronze.events and bronze.quarantine, each with its place and the time at which it came in; the next build makes all numbers anew where one did.`;
}

/** `replay`: the lake by the rules of today. */
export function replayStep(
  ingestion: Pick<Ingestion, 'replay'>,
  catalog: LakeCatalog,
): PipelineStep {
  return {
    id: 'replay',
    title: 'Replay',
    description:
      'Judges what the lake holds anew, from its bytes: what was refused and is an event comes in, what was taken and is none goes to quarantine.',
    component: 'component:default/naap-lake',
    reads: [],
    writes: ['lake'],
    parameters: [
      {
        name: 'from',
        type: 'time',
        title: 'From',
        description: 'Only what came in from then on; a day or a time, UTC.',
      },
      {
        name: 'to',
        type: 'time',
        title: 'To',
        description: 'Only what came in before then; a day or a time, UTC.',
      },
      {
        name: 'full',
        type: 'flag',
        title: 'Everything again',
        description: 'Also what the gate of today has judged.',
      },
    ],

    async plan(options) {
      const facts = await bronzeFacts(catalog);
      return {
        summary: summaryOf(options),
        touches: (['events', 'quarantine', 'batches'] as const).map(table => ({
          kind: 'table',
          name: `bronze.${table}`,
          rows: facts[table]?.rows ?? null,
          note: table === 'batches' ? 'corrections of the counts' : null,
        })),
      };
    },

    async run({ signal, logger, options }) {
      const summary = await ingestion.replay(
        { ...rangeOf(options), signal },
        message => logger.info(message),
      );
      return {
        changed: summary.changed > 0,
        details: { ...summary },
        rows: summary.changed,
      };
    },
  };
}
