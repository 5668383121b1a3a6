import {
  addCounts,
  EventLog,
  IngestCounts,
  ingestStream,
  noCounts,
} from '@naap/ingestion';
import { LakeCommitter } from '@naap/lakehouse';
import { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Context, createContext, LocalLake } from '../context';
import { FailedError, UsageError } from '../errors';
import { CommitBehind } from '../commitBehind';
import { Progress } from '../progress';

/** How long to wait for another ingest to let the event log go. */
const WAIT_MS = 60_000;

export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description(
      'raw Kafka messages (NDJSON or a JSON array, gzip too) → lake; prints the class counts',
    )
    .argument('<files...>', 'files, or - for standard input')
    .action(async (files: string[]) => {
      const inputs = await openInputs(files);
      const context = await createContext(program.opts());
      const { counts, failures } = context.portal
        ? await send(context, inputs)
        : await ingest(context, inputs);
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      if (failures.length > 0) throw new FailedError(failures.join('\n'));
    });
}

interface Input {
  name: string;
  open(): Readable;
}

interface Outcome {
  counts: IngestCounts;
  /** What could not be read to its end, in words. */
  failures: string[];
}

/** Nothing is read before every file is known to be there. */
async function openInputs(files: string[]): Promise<Input[]> {
  if (files.filter(file => file === '-').length > 1) {
    throw new UsageError('standard input (-) can be read only once');
  }
  return Promise.all(
    files.map(async name => {
      if (name === '-')
        return { name: 'standard input', open: () => process.stdin };
      try {
        await access(name, constants.R_OK);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new UsageError(
          code === 'ENOENT'
            ? `no file ${name}`
            : `can't read ${name} (${code})`,
        );
      }
      if ((await stat(name)).isDirectory()) {
        throw new UsageError(`${name} is a folder: name its files`);
      }
      return {
        name,
        open: () => createReadStream(name, { highWaterMark: 1 << 20 }),
      };
    }),
  );
}

/** Through the portal, which owns the event log now. */
async function send({ portal }: Context, inputs: Input[]): Promise<Outcome> {
  const counts = noCounts();
  const failures: string[] = [];
  for (const input of inputs) {
    try {
      addCounts(
        counts,
        (await portal!.sendEvents(input.open())) as unknown as IngestCounts,
      );
    } catch (error) {
      failures.push(`${input.name}: ${(error as Error).message}`);
    }
  }
  await portal!.runStep('commit');
  return { counts, failures };
}

/** Into the event log; what is durable there is committed to the lake meanwhile. */
async function ingest({ home }: Context, inputs: Input[]): Promise<Outcome> {
  const log = await EventLog.open(home, { waitMs: WAIT_MS });
  const lake = new LocalLake(home);
  const progress = new Progress();
  const counts = noCounts();
  const failures: string[] = [];
  const lakeSide = new CommitBehind(log, new LakeCommitter(home, lake.worker));
  try {
    for (const input of inputs) {
      const before = counts.read;
      const report = (soFar: IngestCounts) => {
        lakeSide.nudge();
        progress.update(`${input.name}: ${before + soFar.read} messages`);
      };
      try {
        addCounts(
          counts,
          await ingestStream(input.open(), log, 'file', { onProgress: report }),
        );
      } catch (error) {
        const durable = (error as { counts?: IngestCounts }).counts;
        if (durable) addCounts(counts, durable);
        failures.push(`${input.name}: ${(error as Error).message}`);
      }
    }
    await lakeSide.finish();
    progress.done(
      `${counts.read} messages, ${counts.accepted} accepted; all are in the lake`,
    );
    return { counts, failures };
  } finally {
    await lake.close();
    await log.close();
  }
}
