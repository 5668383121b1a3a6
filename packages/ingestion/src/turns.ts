import { turn } from '@naap/system';

/** Work that is done at once: some milliseconds of it. */
const TURN = 256 * 1024;

/** What a message costs beside its bytes. */
export const MESSAGE_COST = 512;

/**
 * Long work in slices: between two of them everybody else has a turn. Work is
 * counted in bytes or what takes as long, and not in time, so that it is cut
 * the same everywhere.
 */
export class Turns {
  #done = 0;

  /** Counts work; true when it is time for `next`. */
  isOver(bytes: number): boolean {
    this.#done += bytes;
    return this.#done >= TURN;
  }

  /** Resolves when the others had theirs. */
  async next(): Promise<void> {
    this.#done = 0;
    await turn();
  }
}
