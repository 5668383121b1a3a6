import { GATE_VERSION } from '@naap/events';
import {
  EventLog,
  replay,
  type ReplayOptions,
  type ReplaySummary,
} from '@naap/ingestion';
import { LakeReplay, LakeWorker, needsReplay } from '@naap/lakehouse';

/** How long to wait for another command to let the event log go. */
export const LOG_WAIT_MS = 60_000;

/** Judges what a home holds anew, while no portal owns it. */
export async function replayHome(
  home: string,
  options: ReplayOptions,
  say: (message: string) => void,
): Promise<ReplaySummary> {
  const log = await EventLog.open(home, { waitMs: LOG_WAIT_MS });
  const worker = new LakeWorker();
  try {
    return await replay(log, new LakeReplay(home, worker), options, say);
  } finally {
    await worker.stop();
    await log.close();
  }
}

/**
 * Brings a home of a version before to this one: what its gate judged by other
 * rules is judged anew. Does nothing where that is done.
 */
export async function bringUpToDate(
  home: string,
  say: (message: string) => void,
): Promise<void> {
  if (!(await needsReplay(home, GATE_VERSION))) return;
  const { changed } = await replayHome(home, {}, say);
  if (changed > 0) {
    say(
      `this home is of a version before: ${changed} messages are judged otherwise now, and the next build makes all numbers anew`,
    );
  }
}
