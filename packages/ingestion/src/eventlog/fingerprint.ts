import { hash } from 'node:crypto';

/** A fingerprint is this many 32-bit integers: 4 of the id, 2 of the bytes. */
export const FINGERPRINT_INTS = 6;

const UUID_LENGTH = 36;
const DASH = 0x2d;

/** The value of lower-case hexadecimal digits by character, else -1. */
const HEX = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
}

/**
 * Reads a uuid in its usual form (lower case) into `into`; false for any other
 * text, which would not be told apart from it by its bits alone.
 */
function readUuid(id: string, into: Int32Array): boolean {
  if (id.length !== UUID_LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let at = 0; at < UUID_LENGTH; at++) {
    const c = id.charCodeAt(at);
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (c !== DASH) return false;
      continue;
    }
    const value = c < 128 ? HEX[c] : -1;
    if (value < 0) return false;
    word = (word << 4) | value;
    if ((++digits & 7) === 0) into[(digits >> 3) - 1] = word;
  }
  return true;
}

/**
 * 64 bits of the bytes of a message, to tell whether two copies are the same.
 * Not cryptographic: who can forge a collision can only have his own second
 * message of the same id counted as a copy of his first.
 */
function hashBytes(view: DataView, into: Int32Array): void {
  const { byteLength } = view;
  let a = 0x2545f491 ^ byteLength;
  let b = 0x6c62272e;
  let at = 0;
  for (; at + 8 <= byteLength; at += 8) {
    a = Math.imul(a ^ view.getInt32(at, true), 0x9e3779b1);
    b = Math.imul(b ^ view.getInt32(at + 4, true), 0x85ebca6b);
    a ^= b >>> 15;
    b ^= a >>> 13;
  }
  for (; at < byteLength; at++) {
    a = Math.imul(a ^ view.getUint8(at), 0x01000193);
    b = Math.imul(b ^ a, 0xc2b2ae35);
    b ^= b >>> 16;
  }
  a = Math.imul(a ^ (b >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  // 0 marks an empty slot of the table.
  into[4] = a ^ (b >>> 16) || 1;
  into[5] = b ^ (a >>> 15);
}

/**
 * Writes the fingerprint of a message into `into`: its id in 128 bits (a uuid
 * as it is, any other text as the beginning of its SHA-256) and its bytes in 64.
 */
export function fingerprint(
  eventId: string,
  bytes: Uint8Array,
  into: Int32Array,
): void {
  if (!readUuid(eventId, into)) {
    const digest = hash('sha256', eventId, 'buffer');
    for (let i = 0; i < 4; i++) into[i] = digest.readInt32LE(4 * i);
  }
  hashBytes(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    into,
  );
}

/**
 * Writes the fingerprint of a message that is told from others by all of its
 * bytes into `into`.
 *
 * @param sha256 - of the message, hex, if it is known already
 */
export function fingerprintOfBytes(
  bytes: Uint8Array,
  sha256: string | null,
  into: Int32Array,
): void {
  const digest = sha256
    ? Buffer.from(sha256, 'hex')
    : hash('sha256', bytes, 'buffer');
  for (let i = 0; i < FINGERPRINT_INTS; i++)
    into[i] = digest.readInt32LE(4 * i);
  into[4] ||= 1;
}
