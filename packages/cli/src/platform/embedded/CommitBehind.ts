import { EventLog } from '@naap/ingestion';
import { LakeCommitter } from '@naap/lakehouse';

/** Commits what is durable in the log, one commit at a time, while more comes in. */
export class CommitBehind {
  #running: Promise<void> | undefined;
  #committed = 0;
  #failure: unknown;

  constructor(
    private readonly log: EventLog,
    private readonly committer: LakeCommitter,
  ) {}

  /** Starts a commit unless one is under way. */
  nudge(): void {
    if (this.#running || this.#failure) return;
    this.#running = this.#commit()
      .catch(error => {
        this.#failure = error;
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Resolves when the lake has all that the log holds. */
  async finish(): Promise<void> {
    await this.#running;
    if (this.#failure) throw this.#failure;
    await this.#commit();
  }

  async #commit(): Promise<void> {
    const { nextOffset } = await this.committer.commit();
    if (nextOffset > this.#committed) {
      this.#committed = nextOffset;
      await this.log.removeSegmentsBefore(nextOffset);
    }
  }
}
