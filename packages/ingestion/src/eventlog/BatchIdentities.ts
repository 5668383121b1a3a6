import { Entry } from './Entry';
import {
  fingerprint,
  fingerprintOfBytes,
  FINGERPRINT_INTS,
} from './fingerprint';
import {
  acceptedOf,
  copiesOf,
  dayNumber,
  IdentityIndex,
  quarantinedOn,
} from './IdentityIndex';
import { IdentityTable, Likeness } from './IdentityTable';
import type { StoredIdentity } from './segmentFile';

/** So many of the messages that are ignored or rejected on a day are known again: 48 MiB of memory. */
const MAX_QUARANTINED = 1_000_000;

/** A table of the index, and what a batch adds to it. */
class Growing {
  private constructor(
    readonly name: string,
    private readonly known: IdentityTable,
    readonly fresh: IdentityTable,
  ) {}

  /** @param expected - how many will be added, more or less */
  static async of(
    index: IdentityIndex,
    name: string,
    expected = 0,
  ): Promise<Growing> {
    const known = await index.table(name);
    return new Growing(name, known, new IdentityTable(expected));
  }

  get size(): number {
    return this.known.size + this.fresh.size;
  }

  find(print: Int32Array): Likeness {
    const likeness = this.known.find(print);
    return likeness === 'unknown' ? this.fresh.find(print) : likeness;
  }
}

interface Day {
  accepted: Growing;
  copies: Growing;
}

/**
 * Tells the messages of one batch from those that the log has and from each
 * other. The index learns of them only once the batch is written.
 */
export class BatchIdentities {
  #print = new Int32Array(FINGERPRINT_INTS);

  private constructor(
    private readonly index: IdentityIndex,
    /** By envelope day. */
    private readonly days: Map<number, Day>,
    private readonly quarantined: [today: Growing, yesterday: Growing],
  ) {}

  /** @param receivedAt - unix ms */
  static async prepare(
    index: IdentityIndex,
    entries: readonly Entry[],
    receivedAt: number,
  ): Promise<BatchIdentities> {
    const perDay = new Map<number, number>();
    for (const entry of entries) {
      if (entry.class !== 'accepted') continue;
      const day = dayNumber(entry.event.envelope_time);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    const days = new Map<number, Day>();
    for (const [day, messages] of perDay) {
      days.set(day, {
        accepted: await Growing.of(index, acceptedOf(day), messages),
        copies: await Growing.of(index, copiesOf(day)),
      });
    }
    const today = dayNumber(receivedAt);
    return new BatchIdentities(index, days, [
      await Growing.of(index, quarantinedOn(today)),
      await Growing.of(index, quarantinedOn(today - 1)),
    ]);
  }

  /**
   * How the message compares to those before it: one with its id and other
   * bytes makes it `different` once, and copies of it `identical`.
   */
  judge(entry: Entry): Likeness {
    const print = this.#print;
    if (entry.class !== 'accepted') {
      fingerprintOfBytes(entry.raw, entry.sha256, print);
      const [today, yesterday] = this.quarantined;
      for (const day of [today, yesterday]) {
        if (day.find(print) === 'identical') return 'identical';
      }
      if (today.size < MAX_QUARANTINED) today.fresh.add(print);
      return 'unknown';
    }
    const { envelope_time: time, event_id: id } = entry.event;
    const day = this.days.get(dayNumber(time));
    if (!day) throw new Error('prepare() was not told of this message');
    fingerprint(id, entry.raw, print);
    const likeness = day.accepted.find(print);
    if (likeness === 'unknown') day.accepted.fresh.add(print);
    if (likeness !== 'different') return likeness;
    fingerprintOfBytes(entry.raw, null, print);
    if (day.copies.find(print) === 'identical') return 'identical';
    day.copies.fresh.add(print);
    return 'different';
  }

  /** Tells the index of the new ones. */
  keep(): void {
    const days = [...this.days.values()];
    for (const { name, fresh } of [
      ...days.flatMap(({ accepted, copies }) => [accepted, copies]),
      ...this.quarantined,
    ]) {
      if (fresh.size > 0) this.index.add(name, fresh.toList());
    }
  }
}

/** Tells the index of a row of the log. */
export function addStored(index: IdentityIndex, row: StoredIdentity): void {
  const print = new Int32Array(FINGERPRINT_INTS);
  switch (row.class) {
    case 'accepted':
      fingerprint(row.eventId, row.raw, print);
      index.add(acceptedOf(dayNumber(row.envelopeTime)), print);
      break;
    case 'duplicate':
      fingerprintOfBytes(row.raw, null, print);
      index.add(copiesOf(dayNumber(row.envelopeTime)), print);
      break;
    default:
      fingerprintOfBytes(row.raw, row.sha256, print);
      index.add(quarantinedOn(dayNumber(row.receivedAt)), print);
  }
}
