import { createHash } from 'node:crypto';
import type { CutMessage } from '../message';

const CARRIAGE_RETURN = Buffer.from('\r');

/** A message that is too long to be held: it is hashed and counted as it comes. */
export class LongMessage {
  #hash = createHash('sha256');
  #length = 0;
  /** A carriage return that came last: it may be half of a line end. */
  #pending = false;

  /** @param head - what is kept of it; `add` gets those bytes too */
  constructor(private readonly head: Buffer) {}

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#pending) this.#take(CARRIAGE_RETURN);
    this.#pending = bytes[bytes.length - 1] === CARRIAGE_RETURN[0];
    this.#take(this.#pending ? bytes.subarray(0, -1) : bytes);
  }

  end(isLineEnd: boolean): CutMessage {
    if (this.#pending && !isLineEnd) this.#take(CARRIAGE_RETURN);
    const sha256 = this.#hash.digest('hex');
    return { head: this.head, length: this.#length, sha256 };
  }

  #take(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }
}
