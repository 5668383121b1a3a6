import type { IHeaders } from 'kafkajs';
import type { CutMessage, Message } from '../message';

const LENGTH = 'naap.cut.length';
const SHA256 = 'naap.cut.sha256';

/** A message as a record; of one that was cut, how long it was and its hash go along. */
export function toRecord(message: Message): {
  value: Buffer;
  headers?: IHeaders;
} {
  if (Buffer.isBuffer(message)) return { value: message };
  const { head, length, sha256 } = message;
  return { value: head, headers: { [LENGTH]: `${length}`, [SHA256]: sha256 } };
}

/** What was cut before it was sent, or null. Who writes this into a record of his own only has that one rejected. */
export function cutOf(
  head: Buffer,
  headers: IHeaders | undefined,
): CutMessage | null {
  const length = String(headers?.[LENGTH] ?? '');
  const sha256 = String(headers?.[SHA256] ?? '');
  if (!/^\d{1,15}$/.test(length) || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { head, length: Number(length), sha256 };
}
