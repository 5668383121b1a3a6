import {
  EventLog,
  IngestCounts,
  ScrapeMessage,
  ScraperSettings,
  toLines,
} from '@naap/ingestion';
import { LakeCommitter } from '@naap/lakehouse';
import { CommitBehind } from './commitBehind';
import { LocalLake } from './context';
import { findPortal } from './portal';

/** How long to wait for another command to let the event log go. */
const WAIT_MS = 60_000;

/**
 * Brings a round to whoever has the event log of the home now: the portal, or
 * this process. Answers the class counts when it is durable; the round is there
 * whole or not at all.
 */
export async function publishRound(
  home: string,
  messages: readonly ScrapeMessage[],
  { source }: Pick<ScraperSettings, 'source'>,
): Promise<IngestCounts> {
  const lines = toLines(messages);
  const portal = await findPortal(home);
  if (portal) {
    const body = Buffer.concat(
      lines.flatMap(line => [line, Buffer.from('\n')]),
    );
    return portal.sendEvents(body, { source });
  }
  const log = await EventLog.open(home, { waitMs: WAIT_MS });
  const lake = new LocalLake(home);
  try {
    const { firstOffset, nextOffset, ...counts } = await log.append(
      lines,
      source,
      { whole: true },
    );
    await new CommitBehind(log, new LakeCommitter(home, lake.worker)).finish();
    return counts;
  } finally {
    await lake.close();
    await log.close();
  }
}
