import { DeployRow } from '@naap/plugin-naap-common';
import { cutMiddle, shortAddress } from '../lib/format';
import { Grain, STEP_MS } from '../lib/series';
import { Subject } from './subject';

/** A moment to mark in a trend, at the start of its step. */
export interface TrendMark {
  /** ISO 8601 UTC start of the step. */
  at: string;
  label: string;
}

/**
 * The deploys of a subject within the steps of its trend, one mark per step: versions of a runner that were reported
 * for the first time then.
 */
export function deployMarks(
  deploys: readonly DeployRow[],
  subject: Subject,
  steps: ReadonlyArray<{ at: string }>,
  grain: Grain,
): TrendMark[] {
  const labels = new Map<string, string[]>();
  const shown = new Set(steps.map(({ at }) => at));
  for (const deploy of deploys) {
    const time = Date.parse(deploy.first_seen_at);
    const at = new Date(
      Math.floor(time / STEP_MS[grain]) * STEP_MS[grain],
    ).toISOString();
    if (deploy[subject.kind] === subject.id && shown.has(at)) {
      labels.set(at, [...(labels.get(at) ?? []), labelOf(deploy, subject)]);
    }
  }
  return [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([at, all]) => ({ at, label: shortened(all) }));
}

function labelOf(deploy: DeployRow, subject: Subject): string {
  const other =
    subject.kind === 'orchestrator'
      ? cutMiddle(deploy.model, 28)
      : shortAddress(deploy.orchestrator);
  return `${other} ${cutMiddle(deploy.version, 20)}`;
}

const MOST_NAMED = 2;

function shortened(labels: string[]): string {
  const named = labels.slice(0, MOST_NAMED).join(', ');
  return labels.length > MOST_NAMED
    ? `${named} and ${labels.length - MOST_NAMED} more`
    : named;
}
