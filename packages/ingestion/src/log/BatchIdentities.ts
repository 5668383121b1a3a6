import { fingerprint, FINGERPRINT_INTS } from './fingerprint';
import { dayNumber, IdentityIndex } from './IdentityIndex';
import { IdentityTable, Likeness } from './IdentityTable';

interface Day {
  known: IdentityTable;
  /** Of this batch. */
  fresh: IdentityTable;
  /** Fingerprints of this batch that are new, one after the other. */
  added: Int32Array;
  length: number;
}

/**
 * Tells the messages of one batch from those that the log has and from each
 * other. The index learns of them only once the batch is written.
 */
export class BatchIdentities {
  #print = new Int32Array(FINGERPRINT_INTS);

  private constructor(
    private readonly index: IdentityIndex,
    private readonly days: Map<number, Day>,
  ) {}

  /** @param times - the envelope times of all messages to be judged, unix ms */
  static async prepare(
    index: IdentityIndex,
    times: readonly number[],
  ): Promise<BatchIdentities> {
    const perDay = new Map<number, number>();
    for (const time of times) {
      const day = dayNumber(time);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    const days = new Map<number, Day>();
    for (const [day, messages] of perDay) {
      days.set(day, {
        known: await index.table(day),
        fresh: new IdentityTable(messages),
        added: new Int32Array(messages * FINGERPRINT_INTS),
        length: 0,
      });
    }
    return new BatchIdentities(index, days);
  }

  /** Whether the message is new; if it is, the next copy of it is not. */
  judge(time: number, eventId: string, bytes: Uint8Array): Likeness {
    const day = this.days.get(dayNumber(time));
    if (!day) throw new Error('prepare() was not told of this time');
    const print = this.#print;
    fingerprint(eventId, bytes, print);
    const known = day.known.find(print);
    if (known !== 'unknown') return known;
    const fresh = day.fresh.find(print);
    if (fresh !== 'unknown') return fresh;
    day.fresh.add(print);
    day.added.set(print, day.length);
    day.length += FINGERPRINT_INTS;
    return 'unknown';
  }

  /** Tells the index of the new ones. */
  keep(): void {
    for (const [day, { added, length }] of this.days) {
      if (length > 0) this.index.add(day, added.subarray(0, length));
    }
  }
}
