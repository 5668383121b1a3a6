import { addCounts, IngestCounts, noCounts, Piece } from '@naap/ingestion';
import type { IngestAnswer } from '@naap/plugin-naap-common';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { PortalError, RunningPortal } from './RunningPortal';

/** How long to wait before each try after the first. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
/** Answers that may be others a moment later: too slow, the same piece still being read, too many, a full disk. */
const PASSING = new Set([408, 409, 429, 503]);

/** What became of an input that is sent in pieces. */
export interface Sent {
  /** Of the pieces that are durable, each message once. */
  counts: IngestCounts;
  /** Bytes of the messages in them. */
  bytes: number;
  /** Duplicates that may be messages of this input itself: the portal no longer knew what it had of their piece. */
  uncertain: number;
}

export function nothingSent(): Sent {
  return { counts: noCounts(), bytes: 0, uncertain: 0 };
}

export interface SendPiecesOptions {
  /** Told after every piece. */
  onSent?: () => void;
  signal?: AbortSignal;
  pausesMs?: number[];
}

/**
 * Sends pieces one after the other, each again when it was not heard of, and adds them up in `sent` as they are durable.
 *
 * @throws what the last try of a piece throws, and what the pieces throw
 */
export async function sendPieces(
  portal: RunningPortal,
  pieces: AsyncIterable<Piece>,
  sent: Sent,
  { onSent, signal, pausesMs = PAUSES_MS }: SendPiecesOptions = {},
): Promise<void> {
  for await (const piece of pieces) {
    const { answer, tries } = await sendPiece(portal, piece, pausesMs, signal);
    addCounts(sent.counts, answer);
    sent.bytes += piece.body.length;
    if (tries > 1 && !answer.resumed) sent.uncertain += answer.duplicate;
    onSent?.();
  }
}

async function sendPiece(
  portal: RunningPortal,
  { body, format }: Piece,
  pausesMs: number[],
  signal?: AbortSignal,
): Promise<{ answer: IngestAnswer; tries: number }> {
  const key = randomUUID();
  for (let tries = 1; ; tries++) {
    try {
      const answer = await portal.sendEvents(body, { format, key, signal });
      return { answer, tries };
    } catch (error) {
      const isPassing =
        !(error instanceof PortalError) || PASSING.has(error.status);
      if (!isPassing || tries > pausesMs.length || signal?.aborted) throw error;
      const wanted = error instanceof PortalError ? error.retryAfterSeconds : 0;
      await delay(Math.max(pausesMs[tries - 1], wanted * 1_000), undefined, {
        signal,
      });
    }
  }
}
