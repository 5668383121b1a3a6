import type { ReplayedIdentity } from '../replay/identities';
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

const newPrint = () => new Int32Array(FINGERPRINT_INTS);

/**
 * Brings the index to what a replay made of messages: those that are gone don't
 * stand in the way of others of their id any more, the first of an id that is
 * here is the accepted one, and others are its copies. What came in meanwhile
 * is kept. Done again it changes nothing.
 */
export async function reindex(
  index: IdentityIndex,
  identities: AsyncIterable<ReplayedIdentity>,
): Promise<void> {
  /** Prints of what is gone, by table: what is read first. */
  const gone = new Map<string, Int32Array[]>();
  const forget = async () => {
    for (const [name, prints] of gone) await index.remove(name, prints);
    gone.clear();
  };
  for await (const {
    state,
    eventId,
    envelopeTime,
    receivedAt,
    raw,
  } of identities) {
    const day = dayNumber(envelopeTime);
    const print = newPrint();
    fingerprint(eventId, raw, print);
    if (state === 'gone') {
      const name = acceptedOf(day);
      gone.set(name, [...(gone.get(name) ?? []), print]);
      continue;
    }
    if (state === 'quarantined') {
      fingerprintOfBytes(raw, null, print);
      await index.addNew(quarantinedOn(dayNumber(receivedAt)), print);
      continue;
    }
    await forget();
    const likeness = (await index.table(acceptedOf(day))).find(print);
    if (likeness === 'unknown') index.add(acceptedOf(day), print);
    if (likeness !== 'different') continue;
    fingerprintOfBytes(raw, null, print);
    await index.addNew(copiesOf(day), print);
  }
  await forget();
}
