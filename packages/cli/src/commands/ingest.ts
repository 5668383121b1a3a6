import {
  addCounts,
  EventLog,
  IngestCounts,
  ingestStream,
  noCounts,
  piecesOf,
} from '@naap/ingestion';
import { LakeCommitter } from '@naap/lakehouse';
import { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { Context, createContext, LocalLake } from '../context';
import { FailedError, UsageError } from '../errors';
import { CommitBehind } from '../commitBehind';
import { reasonOf } from '../portal';
import { Progress } from '../progress';
import { bringUpToDate } from '../replayHome';
import { nothingSent, Sent, sendPieces } from '../sendPieces';

/** How long to wait for another ingest to let the event log go. */
const WAIT_MS = 60_000;

/** What is read, in words. */
const SHAPES =
  'NDJSON, JSON arrays, and JSON objects one after another over any number of lines; messages bare, in what kcat -J, Kafka Connect or a Kafka browser wrap them, or as rows of a table with event_id, event_type, event_ts, gateway, data; UTF-8, or UTF-16 with a byte order mark; gzip too';
/** Why a message is rejected that may be none. */
const SHAPELESS = ['not_json', 'not_an_object', 'missing_type'];

export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description(
      `raw Kafka messages → lake; prints the class counts. Reads ${SHAPES}`,
    )
    .argument('<files...>', 'files, or - for standard input')
    .action(async (files: string[]) => {
      const inputs = await openInputs(files);
      const context = await createContext(program.opts());
      const stopping = new AbortController();
      // Once more ends it at once.
      process.once('SIGINT', () => stopping.abort());
      const { counts, failures } = context.portal
        ? await send(context, inputs, stopping.signal)
        : await ingest(context, inputs, stopping.signal);
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      process.stderr.write(hintOf(counts));
      if (failures.length > 0) throw new FailedError(failures.join('\n'));
    });
}

/** What to do about messages that are none, with a line end; empty where all were some. */
export function hintOf({ reasons }: Pick<IngestCounts, 'reasons'>): string {
  const count = SHAPELESS.reduce((sum, one) => sum + (reasons[one] ?? 0), 0);
  return count > 0
    ? `${count} of them are no messages; what is read is ${SHAPES}\n`
    : '';
}

interface Input {
  name: string;
  open(signal: AbortSignal): Readable;
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
      if (name === '-') {
        const open = (signal: AbortSignal) =>
          addAbortSignal(signal, process.stdin);
        return { name: 'standard input', open };
      }
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
        open: signal =>
          createReadStream(name, { highWaterMark: 1 << 20, signal }),
      };
    }),
  );
}

/** How far it got, in words. */
function howFar(name: string, { bytes, counts }: Sent): string {
  const mebibytes = (bytes / 2 ** 20).toFixed(bytes < 2 ** 30 ? 1 : 0);
  return `${name}: ${mebibytes} MiB, ${counts.read} messages`;
}

/** Through the portal, which owns the event log now. */
async function send(
  { portal }: Context,
  inputs: Input[],
  signal: AbortSignal,
): Promise<Outcome> {
  const progress = new Progress();
  const counts = noCounts();
  const failures: string[] = [];
  let uncertain = 0;
  for (const input of inputs) {
    if (signal.aborted) break;
    const sent = nothingSent();
    try {
      await sendPieces(portal!, piecesOf(input.open(signal)), sent, {
        onSent: () => progress.update(howFar(input.name, sent)),
        signal,
      });
    } catch (error) {
      const reason = signal.aborted ? 'stopped' : reasonOf(error);
      failures.push(
        `${reason}; ${howFar(
          input.name,
          sent,
        )} of it are stored, maybe part of what follows; sent again, they only make duplicates`,
      );
    }
    addCounts(counts, sent.counts);
    uncertain += sent.uncertain;
  }
  progress.clear();
  if (uncertain > 0) {
    progress.done(
      `up to ${uncertain} of the duplicates may be messages of this input: a piece was sent again, and the portal did not know its first try`,
    );
  }
  if (!signal.aborted) await portal!.runStep('commit');
  return { counts, failures };
}

/** Into the event log; what is durable there is committed to the lake meanwhile. */
async function ingest(
  { home }: Context,
  inputs: Input[],
  signal: AbortSignal,
): Promise<Outcome> {
  // First: what came in before must be known by the rules of today.
  await bringUpToDate(home, message => new Progress().done(message));
  const log = await EventLog.open(home, { waitMs: WAIT_MS });
  const lake = new LocalLake(home);
  const progress = new Progress();
  const counts = noCounts();
  const failures: string[] = [];
  const lakeSide = new CommitBehind(log, new LakeCommitter(home, lake.worker));
  try {
    for (const input of inputs) {
      if (signal.aborted) break;
      const before = counts.read;
      const report = (soFar: IngestCounts) => {
        lakeSide.nudge();
        progress.update(`${input.name}: ${before + soFar.read} messages`);
      };
      try {
        addCounts(
          counts,
          await ingestStream(input.open(signal), log, 'file', {
            onProgress: report,
          }),
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
