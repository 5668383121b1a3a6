import type { ReplaySummary } from '@naap/ingestion';
import { Command } from 'commander';
import { Context, createContext } from '../context';
import { UsageError } from '../errors';
import { Progress } from '../progress';
import { replayHome } from '../replayHome';

interface Options {
  from?: string;
  to?: string;
  all: boolean;
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'judges what the lake holds anew, from its bytes, where another version of the gate judged it; prints what changed',
    )
    .option('--from <time>', 'only what came in from then on (ISO 8601, UTC)')
    .option('--to <time>', 'only what came in before then (ISO 8601, UTC)')
    .option('--all', 'also what this version has judged', false)
    .action(async ({ from, to, all }: Options) => {
      const range = { from: toTime('--from', from), to: toTime('--to', to) };
      const context = await createContext(program.opts());
      const summary = await run(context, { ...range, all });
      process.stdout.write(`${JSON.stringify(summary)}\n`);
    });
}

/** An ISO 8601 time; a day stands for its beginning. */
function toTime(name: string, text?: string): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `${name} is a time such as 2026-01-09 or 2026-01-09T12:00:00Z, not "${text}"`,
    );
  }
  return new Date(ms).toISOString();
}

async function run(
  { home, portal }: Context,
  { all, ...range }: Options,
): Promise<ReplaySummary> {
  const progress = new Progress();
  if (portal) {
    const { from, to } = range;
    const args = { ...(from && { from }), ...(to && { to }) };
    const details = await portal.runStep(
      'replay',
      { ...args, ...(all && { full: true }) },
      progress,
    );
    return details as unknown as ReplaySummary;
  }
  const summary = await replayHome(home, { ...range, all }, message =>
    progress.update(message),
  );
  progress.done(
    `${summary.judged} messages judged anew: ${summary.accepted} came in, ${summary.quarantined} went to quarantine; ./naap build makes the numbers of it`,
  );
  return summary;
}
