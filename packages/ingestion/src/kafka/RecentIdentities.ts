import { hash } from 'node:crypto';
import type { Entry } from '../eventlog/Entry';

/** So many are known again at least, and no more than twice as many. */
const KNOWN = 100_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What tells a message from others: the rules of the event log, without those of copies that differ. */
function identityOf(entry: Entry): string {
  if (entry.class !== 'accepted') {
    return entry.sha256 ?? hash('sha256', entry.raw, 'base64');
  }
  const { event_id: id, envelope_time: time } = entry.event;
  return `${Math.floor(time / DAY_MS)} ${id}`;
}

/** The messages that came last, to tell who brings some again; silver drops them, whatever is known here. */
export class RecentIdentities {
  #older = new Set<string>();
  #newer = new Set<string>();

  /** Whether the message came before; from now on it has. */
  sees(entry: Entry): boolean {
    const identity = identityOf(entry);
    if (this.#newer.has(identity) || this.#older.has(identity)) return true;
    if (this.#newer.size >= KNOWN) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(identity);
    return false;
  }
}
