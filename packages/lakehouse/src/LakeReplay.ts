import { WAREHOUSE_LOCK, WAREHOUSE_WAIT_MS } from './dbt/DbtRunner';
import {
  LAKE_LOCK,
  LAKE_WAIT_MS,
  LakeCommitter,
  REPLAY_LOCK,
  REPLAY_WAIT_MS,
} from './LakeCommitter';
import type { LakeWorker } from './LakeWorker';
import { withLock } from './lock';

/** What a replay did, or would do. */
export interface ReplayCounts {
  judged: number;
  changed: number;
  accepted: number;
  quarantined: number;
}

/** The side of the lake in a replay: reads what is to be judged anew, and moves it. */
export class LakeReplay {
  readonly #committer: LakeCommitter;

  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
  ) {
    this.#committer = new LakeCommitter(home, worker);
  }

  commit(): Promise<unknown> {
    return this.#committer.commit();
  }

  exclusively<T>(replay: () => Promise<T>): Promise<T> {
    return withLock(this.home, REPLAY_LOCK, replay, {
      waitMs: REPLAY_WAIT_MS,
    });
  }

  begin(args: {
    gateVersion: number;
    from?: string;
    to?: string;
    all?: boolean;
  }): Promise<{ pieces: number; rows: number }> {
    return this.#ofLake(() => this.#call('replay_begin', args));
  }

  async next(verdicts: object[]) {
    const piece = await this.#call<{
      path: string | null;
      table: 'events' | 'quarantine';
      rows: number;
    }>('replay_next', { verdicts });
    const { path } = piece;
    return path === null ? null : { ...piece, path };
  }

  stage(): Promise<ReplayCounts> {
    return this.#call('replay_stage', {});
  }

  /** Nobody reads or writes the tables meanwhile, which for a moment are not of one mind. */
  async apply() {
    const applied = await withLock(
      this.home,
      WAREHOUSE_LOCK,
      () =>
        this.#ofLake(() =>
          this.#call<{
            id: string | null;
            summary: ReplayCounts;
            identities: string[];
          }>('replay_apply', {}),
        ),
      { waitMs: WAREHOUSE_WAIT_MS },
    );
    const { id } = applied;
    return id === null ? null : { ...applied, id };
  }

  async done(id: string): Promise<void> {
    await this.#call('replay_done', { id });
  }

  #ofLake<T>(work: () => Promise<T>): Promise<T> {
    return withLock(this.home, LAKE_LOCK, work, { waitMs: LAKE_WAIT_MS });
  }

  #call<R>(op: string, args: object): Promise<R> {
    return this.worker.call<R>(op, { home: this.home, ...args });
  }
}
