import { hash } from 'node:crypto';

/** What is kept of a message that is too large. */
export const KEPT_BYTES = 64 * 1024;

/** What is left of a message that was too large to be kept. */
export interface CutMessage {
  /** Its first KEPT_BYTES. */
  head: Buffer;
  /** Bytes of all of it. */
  length: number;
  /** SHA-256 of all of it, hex. */
  sha256: string;
}

/** One message as it came in: a line or an element, without what parts it from others. */
export type Message = Buffer | CutMessage;

export function cut(message: Buffer): CutMessage {
  return {
    // A copy: a part would hold on to the whole.
    head: Buffer.from(message.subarray(0, KEPT_BYTES)),
    length: message.length,
    sha256: hash('sha256', message),
  };
}
