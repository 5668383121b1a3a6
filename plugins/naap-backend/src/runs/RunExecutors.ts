import type { RunExecutor } from './RunExecutor';

/** Executors of one process, each with steps of its own, so that their runs go on side by side. */
export class RunExecutors {
  constructor(private readonly executors: readonly RunExecutor[]) {}

  /** Before the first run: what is running in a database that has one process at a time was left by one that died. */
  async recoverOwn(): Promise<void> {
    await this.executors[0].recoverOwn();
  }

  /** Recovers what dead processes left and takes what is queued. */
  async tick(): Promise<void> {
    const held = this.executors.flatMap(executor => executor.held);
    for (const executor of this.executors) await executor.tick(held);
  }

  /** Something is queued. */
  work(): void {
    for (const executor of this.executors) executor.work();
  }

  /** Somebody asked for the end of a run. */
  async look(id: string): Promise<void> {
    await Promise.all(this.executors.map(executor => executor.look(id)));
  }

  /** Lets what runs end within the grace, and takes nothing more. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.executors.map(executor => executor.stop(graceMs)));
  }
}
