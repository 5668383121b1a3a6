import type { LakeSettings } from '../LakeSettings';
import type { LakeWorker } from '../LakeWorker';
import { LakeCommitter } from './LakeCommitter';
import { exclusivelyIn } from '../rights';

/** What a replay did, or would do. */
export interface ReplayCounts {
  judged: number;
  changed: number;
  accepted: number;
  quarantined: number;
}

/**
 * The side of the lake in a replay: reads what is to be judged anew, and moves it. `lake`: one that others write too; who may replay it
 * is then decided elsewhere, and the home is only where it works.
 */
export class LakeReplay {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
    private readonly lake?: LakeSettings,
  ) {}

  /** Into a lake of others messages get by themselves. */
  async commit(): Promise<void> {
    if (!this.lake) await new LakeCommitter(this.home, this.worker).commit();
  }

  exclusively<T>(replay: () => Promise<T>): Promise<T> {
    return exclusivelyIn(this.home, 'replay', replay);
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
    const applied = await exclusivelyIn(this.home, 'warehouse', () =>
      this.#ofLake(() =>
        this.#call<{
          id: string | null;
          summary: ReplayCounts;
          identities: string[];
        }>('replay_apply', {}),
      ),
    );
    const { id } = applied;
    return id === null ? null : { ...applied, id };
  }

  async done(id: string): Promise<void> {
    await this.#call('replay_done', { id });
  }

  #ofLake<T>(work: () => Promise<T>): Promise<T> {
    return exclusivelyIn(this.home, 'lake', work);
  }

  #call<R>(op: string, args: object): Promise<R> {
    const { home, lake } = this;
    return this.worker.call<R>(op, { home, lake, ...args });
  }
}
