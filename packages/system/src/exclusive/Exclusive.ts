import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 50;

/** A right that somebody has. */
export interface Held {
  /** Lets it go; a second time does nothing. */
  release(): Promise<void>;
}

/** Rights by name, each of which one holder has at a time. Not reentrant. */
export interface Exclusive {
  /** The right, or null while somebody has it, this process included. Never waits for who has it. */
  hold(name: string): Promise<Held | null>;
  /** Who has it now, in words; null when nobody does or it can't be told. */
  heldBy(name: string): Promise<string | null>;
}

/** A right that somebody else has, or another part of this process. */
export class LockedError extends Error {
  readonly name = 'LockedError';

  /** @param by - who has it, in words; null: it can't be told, as in the moment before it has said so */
  constructor(what: string, readonly by: string | null) {
    super(
      `${what} is in use by ${
        by ?? 'another process'
      }. Wait until it is done, or stop it.`,
    );
  }
}

export interface Patience {
  /** What it is the right to, for the message. */
  what: string;
  /** How long to wait for another holder. */
  waitMs: number;
}

/**
 * The right of a name, once it is free.
 *
 * @throws LockedError when that took too long
 */
export async function acquire(
  exclusive: Exclusive,
  name: string,
  { what, waitMs }: Patience,
): Promise<Held> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const held = await exclusive.hold(name);
    if (held) return held;
    if (performance.now() >= deadline) {
      throw new LockedError(what, await exclusive.heldBy(name));
    }
    await delay(RETRY_MS);
  }
}

/**
 * Works as the one holder of a name.
 *
 * @throws LockedError when it wasn't to be had, before any work; what the work throws
 */
export async function exclusively<T>(
  exclusive: Exclusive,
  name: string,
  patience: Patience,
  work: () => Promise<T>,
): Promise<T> {
  const held = await acquire(exclusive, name, patience);
  try {
    return await work();
  } finally {
    await held.release();
  }
}
