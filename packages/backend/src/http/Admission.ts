const V1 = '/api/naap/v1';
const PROBES =
  /^(?:\/metrics|\/\.backstage\/health\/|\/api\/naap\/v1\/health\/)/;
const FOLLOWED_RUN = /^\/api\/naap\/v1\/runs\/[^/]+\/stream$/;
const AWAITED_STEP = /^\/api\/naap\/v1\/steps\/[^/]+$/;

/**
 * What is asked, by how long it stays. Each kind has places of its own, so that none takes another's: a hundred
 * followers of logs are no reason to refuse an event.
 *
 * - `life`: whether the process answers
 * - `probe`: what watches it: readiness, metrics
 * - `upload`: `POST /events`, as long as its body comes
 * - `wait`: what lasts as long as a run: followers of its log, and who waits for its end
 * - `page`: what a page needs before it can ask: its files, and signing in
 * - `question`: all else
 */
export type Kind = 'life' | 'probe' | 'upload' | 'wait' | 'page' | 'question';

/** @param path - without query */
export function kindOf(method: string, path: string): Kind {
  // Routes match in any case.
  const at = path.toLowerCase().replace(/\/$/, '');
  if (at === `${V1}/health/live`) return 'life';
  if (PROBES.test(at)) return 'probe';
  if (method === 'POST' && at === `${V1}/events`) return 'upload';
  if (FOLLOWED_RUN.test(at)) return 'wait';
  if (method === 'POST' && AWAITED_STEP.test(at)) return 'wait';
  const asks = at.startsWith('/api/') && !/^\/api\/(?:app|auth)\//.test(at);
  return asks ? 'question' : 'page';
}

export interface AdmissionLimits {
  /** How many of a kind there may be at a time. */
  places: Record<Kind, number>;
  /** What one address may take of the places of a kind, from 0 to 1. */
  share: number;
  /** From which lateness of the event loop (ms) on there are fewer places for questions. */
  lateMs: number;
  /** That many: enough to keep every core busy, and for the questions of one page. */
  placesWhenLate: number;
}

export const ADMISSION_LIMITS: AdmissionLimits = {
  places: {
    life: Infinity,
    probe: 20,
    upload: 64,
    wait: 100,
    page: 200,
    question: 100,
  },
  share: 0.75,
  lateMs: 250,
  placesWhenLate: 16,
};

/**
 * Lets in what can be answered soon. A portal that takes in everything is late for everybody; this one refuses what is
 * too much, at once, and answers the others in time.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #latenessMs: () => number;
  /** By kind, and by kind and address. */
  readonly #taken = new Map<string, number>();

  /** @param latenessMs - of the event loop now */
  constructor(
    latenessMs: () => number,
    limits: AdmissionLimits = ADMISSION_LIMITS,
  ) {
    this.#latenessMs = latenessMs;
    this.#limits = limits;
  }

  /** Takes a place; undefined when there is none. Who has one calls what it is given when it leaves, once. */
  enter(kind: Kind, address: string): (() => void) | undefined {
    const places = this.#places(kind);
    const ofAddress = `${kind} ${address}`;
    if (
      this.#count(kind) >= places ||
      this.#count(ofAddress) >= places * this.#limits.share
    ) {
      return undefined;
    }
    const both = [kind, ofAddress];
    both.forEach(key => this.#taken.set(key, this.#count(key) + 1));
    return () => both.forEach(key => this.#leave(key));
  }

  #count(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  #leave(key: string): void {
    const left = this.#count(key) - 1;
    if (left > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
  }

  #places(kind: Kind): number {
    const { places, lateMs, placesWhenLate } = this.#limits;
    return kind === 'question' && this.#latenessMs() > lateMs
      ? placesWhenLate
      : places[kind];
  }
}
