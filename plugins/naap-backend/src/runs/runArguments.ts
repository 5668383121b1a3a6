import { InputError } from '@backstage/errors';
import type { StepArguments } from '@naap/plugin-naap-common';
import type { PipelineStep } from '@naap/plugin-naap-node';

const isDay = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/**
 * The arguments of a run in their one form: known ones only, in one order, without those that change nothing, so that
 * equal runs have equal JSON. Throws an InputError that names an argument that the step doesn't know, and a day that is none.
 */
export function runArguments(
  step: Pick<PipelineStep, 'id' | 'parameters'>,
  { full, model, days, from, to, ...others }: StepArguments,
): StepArguments {
  const normal: StepArguments = {
    ...(full && { full }),
    ...(model !== undefined && { model }),
    ...(days && { days: [...new Set(days)].sort() }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const known = step.parameters.map(({ name }) => name as string);
  const unknown = [...Object.keys(normal), ...Object.keys(others)].filter(
    name => !known.includes(name),
  );
  if (unknown.length > 0) {
    throw new InputError(
      `'${step.id}' knows no argument '${unknown[0]}'; it knows ${
        known.join(', ') || 'none'
      }`,
    );
  }
  const odd = normal.days?.find(day => !isDay(day));
  if (odd !== undefined) {
    throw new InputError(
      `days: ${JSON.stringify(odd)} is no day like 2026-01-08`,
    );
  }
  return normal;
}
