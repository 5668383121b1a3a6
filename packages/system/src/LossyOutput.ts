/** What text is written to: `process.stdout`, or a file of ours. */
export interface TextOutput {
  /** Characters or bytes that were taken and are not out yet. */
  readonly writableLength: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: () => void): unknown;
}

/** So much may wait for a reader that is slow or gone. */
const MOST_WAITING = 1024 * 1024;

const linesOf = (text: string) => text.split('\n').length - 1;

/**
 * The way out for everything that is only told, such as a log: it never waits, never throws, and never tells of its own
 * failure but later, by how many lines were left out. A reader that stopped, a closed terminal and a full disk look alike.
 */
export class LossyOutput {
  #leftOut = 0;

  constructor(private readonly output: TextOutput) {
    // Without a listener a failed write would end the process, or be logged, which fails again.
    output.on?.('error', () => {});
  }

  /** @param text - whole lines */
  write(text: string): void {
    const before = this.#leftOut;
    if (this.output.writableLength > MOST_WAITING) {
      this.#leftOut = before + linesOf(text);
      return;
    }
    this.#leftOut = 0;
    const note =
      before > 0 ? `… ${before} lines could not be written here\n` : '';
    try {
      this.output.write(note + text, error => {
        if (error) this.#leftOut += before + linesOf(text);
      });
    } catch {
      this.#leftOut += before + linesOf(text);
    }
  }
}
