import type { Append, Positions } from '@naap/ingestion';
import { isBehind } from '@naap/ingestion/bus';

/** Appends of the same second are one entry, so a long failure of the build can't fill the memory. */
const MERGE_MS = 1_000;
/** The measure covers the events of this many syncs. */
const SYNCS = 10;

interface Sample {
  ms: number;
  events: number;
}

/** Measures how long events take from their coming in until they are served. */
export class ServedLatency {
  readonly #pending: Append[] = [];
  readonly #syncs: Sample[][] = [];

  /** Accepted events became durable; positions must not go back. */
  appended(append: Append): void {
    if (append.accepted === 0) return;
    const last = this.#pending.at(-1);
    if (last && append.receivedAt - last.receivedAt < MERGE_MS) {
      last.positions = append.positions;
      last.accepted += append.accepted;
    } else {
      this.#pending.push({ ...append });
    }
  }

  /** Everything below the positions is served since `at` (Unix ms). */
  served(positions: Positions, at: number): void {
    const end = this.#pending.findIndex(p => isBehind(positions, p.positions));
    const done = this.#pending.splice(0, end < 0 ? Infinity : end);
    if (done.length === 0) return;
    this.#syncs.push(
      done.map(p => ({ ms: at - p.receivedAt, events: p.accepted })),
    );
    if (this.#syncs.length > SYNCS) this.#syncs.shift();
  }

  /** p95 (nearest rank over events) in ms; null before the first event was served. */
  p95(): number | null {
    const samples = this.#syncs.flat().sort((a, b) => a.ms - b.ms);
    const total = samples.reduce((sum, s) => sum + s.events, 0);
    const rank = Math.ceil(0.95 * total);
    let seen = 0;
    for (const sample of samples) {
      seen += sample.events;
      if (seen >= rank) return sample.ms;
    }
    return null;
  }
}
