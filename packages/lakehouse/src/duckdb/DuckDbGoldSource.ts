import type {
  GoldDays,
  GoldDimensions,
  GoldSnapshot,
  GoldSource,
  GoldState,
} from '@naap/serving/contract';
import type { Held } from '@naap/system';
import type { LakeWorker } from '../LakeWorker';
import { holdIn } from '../rights';

type Export = <Result>(what: string, args?: object) => Promise<Result>;

class DuckDbGoldSnapshot implements GoldSnapshot {
  readonly build: GoldState['build'];
  readonly watermark: string | null;
  readonly simulated: boolean;
  readonly #ask: Export;
  #lock: Held | undefined;

  constructor(
    { build, watermark, simulated }: GoldState,
    ask: Export,
    lock: Held,
  ) {
    this.build = build;
    this.watermark = watermark;
    this.simulated = simulated;
    this.#ask = ask;
    this.#lock = lock;
  }

  async days(): Promise<Array<{ day: string; buildId: string }>> {
    type Days = { builds: Array<{ day: string; buildId: string }> };
    return (await this.#export<Days>('builds')).builds;
  }

  export(days: string[]): Promise<GoldDays> {
    return this.#export('days', { days });
  }

  async exportDimensions(): Promise<GoldDimensions> {
    type Dimensions = { tables: GoldDimensions };
    return (await this.#export<Dimensions>('dimensions')).tables;
  }

  async dispose(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }

  async #export<Result>(what: string, args?: object): Promise<Result> {
    if (!this.#lock) throw new Error('The snapshot of gold was disposed of');
    return this.#ask(what, args);
  }
}

/**
 * Gold in the DuckDB file of one home, exported by the worker that owns it. The file holds one build: whoever wants to
 * make the next waits until the snapshot is disposed of, and a snapshot until a build is done.
 */
export class DuckDbGoldSource implements GoldSource {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
  ) {}

  /** @throws LockedError when the warehouse is not free within ten minutes */
  async snapshot(): Promise<GoldSnapshot | null> {
    const lock = await holdIn(this.home, 'warehouse');
    const ask: Export = (what, args = {}) =>
      this.worker.call('export', { home: this.home, what, ...args });
    try {
      const { state } = await ask<{ state: GoldState | null }>('state');
      if (state) return new DuckDbGoldSnapshot(state, ask, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
    await lock.release();
    return null;
  }
}
