import {
  Run,
  RUN_TRIGGERS,
  RunState,
  RunTrigger,
  StepArguments,
} from '@naap/plugin-naap-common';
import { formatCountOf, formatDuration } from '../lib/format';

const DAY_MS = 24 * 3_600_000;

/** What each trigger is called. */
export const TRIGGER_TEXT: Record<RunTrigger, string> = {
  manual: 'by hand',
  action: 'by an action',
  loop: 'by the loop',
  schedule: 'by schedule',
  retry: 'again by hand',
  recovery: 'in place of a lost run',
};

/** The triggers whose runs are listed unless asked otherwise: the loop's runs are too many to read. */
export const USUAL_TRIGGERS = RUN_TRIGGERS.filter(name => name !== 'loop');

/** Whether nothing of the run changes any more. */
export function isOver(run: { state: RunState }): boolean {
  return run.state !== 'queued' && run.state !== 'running';
}

/** How long a run took, or runs already; null for one that never began. */
export function durationOf(run: Run, nowMs: number): number | null {
  if (run.durationMs !== null || run.startedAt === null) {
    return run.durationMs;
  }
  return run.state === 'running'
    ? Math.max(0, nowMs - Date.parse(run.startedAt))
    : null;
}

/** `21.0 s, usually 20.1 s`. */
export function durationText(
  ms: number | null,
  usualMs: number | null,
): string | null {
  if (ms === null) {
    return null;
  }
  return usualMs === null
    ? formatDuration(ms)
    : `${formatDuration(ms)}, usually ${formatDuration(usualMs)}`;
}

/** `full`, `model kpi_hourly`, `3 days`; empty without arguments. */
export function argumentTexts(args: StepArguments): string[] {
  return [
    args.full && 'full',
    args.model !== undefined && `model ${args.model}`,
    args.days !== undefined &&
      (args.days.length === 1
        ? args.days[0]
        : formatCountOf(args.days.length, 'days')),
    args.from !== undefined && `from ${args.from}`,
    args.to !== undefined && `to ${args.to}`,
  ].filter((text): text is string => Boolean(text));
}

/** The UTC days of a span of hours, newest first. */
export function daysOf(
  firstHour: string | null | undefined,
  lastHour: string | null | undefined,
): string[] {
  if (!firstHour || !lastHour) {
    return [];
  }
  const days: string[] = [];
  const first = firstHour.slice(0, 10);
  for (
    let day = lastHour.slice(0, 10);
    day >= first;
    day = new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10)
  ) {
    days.push(day);
  }
  return days;
}
