import { liveSimulation, type SimulatedMessage } from '@naap/ingestion';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** Source name of simulated events: by it everything made from them is labelled. */
export const SIMULATOR = 'simulator';

/** What the network is and does. */
export const SEED = 1;
const DAY_MS = 24 * 60 * 60_000;
/** A day of back-fill goes out in pieces of about this many messages. */
const PIECE = 20_000;
const RETRY_MS = 2_000;

/**
 * Back-fills a day of a simulated network, or what passed since the last run, and goes on live until aborted.
 * What was sent and acknowledged is remembered in a file; sending a piece twice only makes duplicates.
 */
export async function runSimulator(
  stateFile: string,
  send: (messages: Uint8Array) => Promise<unknown>,
  options: {
    eventsPerDay: number;
    /** Told every message before it is sent. */
    observe?: (message: SimulatedMessage) => void;
    /** Told how many messages were taken, and up to when they are, unix ms. */
    taken?: (messages: number, until: number) => void;
    say: (text: string) => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const { eventsPerDay, observe, taken, say, signal } = options;
  const started = Date.now();
  const from = Math.max(started - DAY_MS, (await readUntil(stateFile)) ?? 0);
  say('simulating a network: everything made from it is labelled simulated');

  let piece: string[] = [];
  let caughtUp = false;
  for await (const batch of liveSimulation(
    { seed: SEED, from, eventsPerDay },
    signal,
  )) {
    for (const message of batch) {
      observe?.(message);
      piece.push(message.raw);
    }
    const until = batch[batch.length - 1].at;
    const live = until >= started;
    if (piece.length < PIECE && !live) continue;
    await sendUntilTaken(Buffer.from(`${piece.join('\n')}\n`), send, {
      say,
      signal,
    });
    if (signal.aborted) return;
    taken?.(piece.length, until);
    piece = [];
    await writeUntil(stateFile, until).catch(error =>
      // A full disk, say: the next start sends some of it again, which makes duplicates.
      say(`simulator: ${error.message}`),
    );
    if (live && !caughtUp) {
      caughtUp = true;
      say('the past day is there; going on live');
    }
  }
}

async function sendUntilTaken(
  messages: Uint8Array,
  send: (messages: Uint8Array) => Promise<unknown>,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await send(messages);
      return;
    } catch (error) {
      if (signal.aborted) return;
      say(`simulator: ${(error as Error).message}; trying again`);
      await new Promise(resolve => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Up to when messages were sent, unix ms; null: none were. */
export async function readUntil(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { until: number }).until;
}

export async function writeUntil(path: string, until: number): Promise<void> {
  await writeFile(`${path}.part`, JSON.stringify({ until }));
  await rename(`${path}.part`, path);
}
