import type {
  GoldDays,
  GoldDimensions,
  GoldSnapshot,
  GoldSource,
  GoldState,
} from '@naap/serving/contract';
import type { LakeWorker } from './LakeWorker';

class WorkerGoldSnapshot implements GoldSnapshot {
  readonly build: GoldState['build'];
  readonly watermark: string | null;
  readonly simulated: boolean;
  #isHeld = true;

  constructor(
    state: GoldState,
    private readonly ask: <Result>(args: object) => Promise<Result>,
    private readonly release: () => Promise<void>,
  ) {
    const { build, watermark, simulated } = state;
    this.build = build;
    this.watermark = watermark;
    this.simulated = simulated;
  }

  async days(): Promise<Array<{ day: string; buildId: string }>> {
    type Days = { builds: Array<{ day: string; buildId: string }> };
    return (await this.#export<Days>({ what: 'builds' })).builds;
  }

  export(days: string[]): Promise<GoldDays> {
    return this.#export({ what: 'days', days });
  }

  async exportDimensions(): Promise<GoldDimensions> {
    type Dimensions = { tables: GoldDimensions };
    return (await this.#export<Dimensions>({ what: 'dimensions' })).tables;
  }

  async dispose(): Promise<void> {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    await this.release();
  }

  async #export<Result>(args: object): Promise<Result> {
    if (!this.#isHeld) throw new Error('The snapshot of gold was disposed of');
    return this.ask(args);
  }
}

/** Gold as the worker exports it, by the engine that the args of its op name. */
export class WorkerGoldSource implements GoldSource {
  /**
   * @param place - args of the op: where gold is
   * @param hold - keeps gold as it is until it is released, where the next build would change it
   */
  constructor(
    private readonly worker: Pick<LakeWorker, 'call'>,
    private readonly place: object,
    private readonly hold: () => Promise<() => Promise<void>>,
  ) {}

  async snapshot(): Promise<GoldSnapshot | null> {
    const release = await this.hold();
    const ask = <Result>(args: object) =>
      this.worker.call<Result>('export', { ...this.place, ...args });
    try {
      const { state } = await ask<{ state: GoldState | null }>({
        what: 'state',
      });
      if (state) {
        // What else is there names the build where a newer one may be by then.
        const { build, watermark, simulated, ...pins } = state;
        return new WorkerGoldSnapshot(
          { build, watermark, simulated },
          args => ask({ ...pins, ...args }),
          release,
        );
      }
    } catch (error) {
      await release();
      throw error;
    }
    await release();
    return null;
  }
}
