import { GATE_VERSION } from '@naap/events';
import {
  EventLog,
  replay,
  type ReplayOptions,
  type ReplaySummary,
} from '@naap/ingestion';
import { LakeReplay, needsReplay } from '@naap/lakehouse';
import { LocalLake } from './context';

/** How long to wait for another command to let the event log go. */
const WAIT_MS = 60_000;

/** Judges what a home holds anew, while no portal owns it. */
export async function replayHome(
  home: string,
  options: ReplayOptions,
  say: (message: string) => void,
): Promise<ReplaySummary> {
  const log = await EventLog.open(home, { waitMs: WAIT_MS });
  const lake = new LocalLake(home);
  try {
    return await replay(log, new LakeReplay(home, lake.worker), options, say);
  } finally {
    await lake.close();
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
