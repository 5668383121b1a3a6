import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RecentMap } from './RecentMap';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Longest wait of something that never proved itself. */
export const MAX_WAIT_MS = DAY_MS;
/** Longest wait of a network: a newcomer in it waits no longer for its first question. */
export const MAX_NETWORK_WAIT_MS = 60 * MINUTE_MS;
/** So long after its last proof an orchestrator is a stranger again. */
const PROOF_HOLDS_MS = 30 * DAY_MS;
/** So long the word of a server holds on whether it wants to be asked. */
const OPT_OUT_HOLDS_MS = DAY_MS;

/** At most so many are kept of each kind: six megabytes on disk with the longest names. */
const MAX_PROVEN = 2_000;
const MAX_WAITING = 10_000;
const MAX_OPT_OUTS = 5_000;
/** Of one orchestrator. */
const MAX_ADDRESSES = 4;

interface Proof {
  /** The first one, unix ms. */
  since: number;
  /** The last one. */
  at: number;
  /** Where it was given. */
  addresses: string[];
}

interface Wait {
  /** Questions without proof. */
  tries: number;
  /** Not asked before, unix ms. */
  until: number;
}

interface OptOut {
  at: number;
  optedOut: boolean;
}

export interface ReputationOptions {
  /** What is learnt is not kept. */
  isReadOnly?: boolean;
}

/** How long after so many questions in vain the next one comes: 1, 2, 4, … minutes. */
export function waitAfter(tries: number, most: number): number {
  return Math.min(MINUTE_MS * 2 ** (tries - 1), most);
}

/** Whether `at` lies less than `ms` back; a clock that went back makes it old too. */
function isRecent(at: number, now: number, ms: number): boolean {
  return Math.abs(now - at) < ms;
}

/**
 * What is known of whom strangers named, over restarts: who answered as an
 * orchestrator and where, who never did and when it is asked next, and who
 * doesn't want to be asked. Bounded, however many are named.
 */
export class Reputation {
  #proven = new RecentMap<Proof>(MAX_PROVEN);
  #waiting = new RecentMap<Wait>(MAX_WAITING);
  #optOuts = new RecentMap<OptOut>(MAX_OPT_OUTS);
  #isRead = false;
  #isChanged = false;

  /** @param path - where it is kept; null: only in memory */
  constructor(
    private readonly path: string | null,
    private readonly options: ReputationOptions = {},
  ) {}

  /** Reads, once, what an earlier process knew. What can't be read is learnt again. */
  async read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    if (this.path === null) return;
    try {
      const { proven, waiting, optOuts } = JSON.parse(
        await readFile(this.path, 'utf8'),
      );
      this.#proven = new RecentMap(MAX_PROVEN, proven);
      this.#waiting = new RecentMap(MAX_WAITING, waiting);
      this.#optOuts = new RecentMap(MAX_OPT_OUTS, optOuts);
    } catch {
      // No home yet, or a file of another version.
    }
  }

  /** Keeps what changed. @throws errors of the file system */
  async save(): Promise<void> {
    if (!this.path || !this.#isChanged || this.options.isReadOnly) return;
    const part = `${this.path}.${process.pid}.part`;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await writeFile(
      part,
      JSON.stringify({
        proven: [...this.#proven],
        waiting: [...this.#waiting],
        optOuts: [...this.#optOuts],
      }),
      { mode: 0o600 },
    );
    await rename(part, this.path);
    this.#isChanged = false;
  }

  /** Since when it is known as an orchestrator, unix ms; null: it is not. */
  provenSince(origin: string, now: number): number | null {
    const proof = this.#proven.get(origin);
    return proof && isRecent(proof.at, now, PROOF_HOLDS_MS)
      ? proof.since
      : null;
  }

  /** Those of the addresses at which the origin proved itself. */
  provenAddresses(origin: string, addresses: readonly string[]): string[] {
    const known = this.#proven.get(origin)?.addresses ?? [];
    return addresses.filter(address => known.includes(address));
  }

  prove(origin: string, address: string, now: number): void {
    const known = this.#proven.get(origin);
    const others = known?.addresses.filter(other => other !== address) ?? [];
    this.#proven.set(origin, {
      since: known?.since ?? now,
      at: now,
      addresses: [address, ...others].slice(0, MAX_ADDRESSES),
    });
    this.#waiting.delete(origin);
    this.#isChanged = true;
  }

  /** Whether an origin or a network without proof may be asked now. */
  isDue(name: string, now: number): boolean {
    const until = this.#waiting.get(name)?.until ?? -Infinity;
    return now >= until || until - now > MAX_WAIT_MS;
  }

  /** It waits for its networks, and is not looked up meanwhile. */
  defer(origin: string, networks: readonly string[], now: number): void {
    const { tries = 0 } = this.#waiting.get(origin) ?? {};
    const until = Math.max(
      now,
      ...networks.map(name => this.#waiting.get(name)?.until ?? now),
    );
    this.#waiting.set(origin, { tries, until });
    this.#isChanged = true;
  }

  /** It was asked in vain: it waits longer than the last time. Of many questions in one round one counts. */
  disappoint(name: string, now: number, most = MAX_WAIT_MS): void {
    if (!this.isDue(name, now)) return;
    const tries = (this.#waiting.get(name)?.tries ?? 0) + 1;
    this.#waiting.set(name, { tries, until: now + waitAfter(tries, most) });
    this.#isChanged = true;
  }

  /** Whether the last that the origin said is that it does not want to be asked. */
  isOptedOut(origin: string): boolean {
    return this.#optOuts.get(origin)?.optedOut ?? false;
  }

  /** Whether what the origin said on that is so old, or so little, that it is to be asked again. */
  mayHaveChanged(origin: string, now: number): boolean {
    const said = this.#optOuts.get(origin);
    return !said || !isRecent(said.at, now, OPT_OUT_HOLDS_MS);
  }

  setOptedOut(origin: string, optedOut: boolean, now: number): void {
    this.#optOuts.set(origin, { at: now, optedOut });
    this.#isChanged = true;
  }
}
