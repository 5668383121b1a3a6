import { GATE_VERSION } from '@naap/events';
import type { EventLog } from '../eventlog/EventLog';
import { judge } from './judge';
import type { ReplayLake, ReplayOptions, ReplaySummary } from './ReplayLake';

/**
 * Finishes a replay that was decided and then cut off: the tables first, then
 * the identities of the log. Does nothing where there is none.
 */
export async function finishReplay(
  log: Pick<EventLog, 'reindex'>,
  lake: ReplayLake,
): Promise<ReplaySummary | null> {
  const applied = await lake.apply();
  if (!applied) return null;
  await log.reindex(applied.identities);
  await lake.done(applied.id);
  return applied.summary;
}

/**
 * Judges what the lake holds anew, from its bytes, by the gate of today: what
 * was refused and is an event comes in, what was taken and is none goes to
 * quarantine, each as of the time at which it came in first. Can be cut off at
 * any point: until it is decided nothing has changed, and from then on the next
 * one finishes it first.
 *
 * @param onProgress - told of every piece
 */
export async function replay(
  log: Pick<EventLog, 'reindex'>,
  lake: ReplayLake,
  options: ReplayOptions & { signal?: AbortSignal } = {},
  onProgress: (message: string) => void = () => {},
): Promise<ReplaySummary> {
  const { signal, ...range } = options;
  return lake.exclusively(async () => {
    await finishReplay(log, lake);
    await lake.commit();
    const { pieces } = await lake.begin({
      ...range,
      gateVersion: GATE_VERSION,
    });
    let judged = 0;
    let piece = await lake.next([]);
    for (let n = 1; piece; n++) {
      signal?.throwIfAborted();
      const verdicts = await judge(piece);
      judged += piece.rows;
      onProgress(
        `replay: ${n} of ${pieces} pieces, ${judged} messages judged anew`,
      );
      piece = await lake.next(verdicts);
    }
    const summary = await lake.stage();
    await finishReplay(log, lake);
    return summary;
  });
}
