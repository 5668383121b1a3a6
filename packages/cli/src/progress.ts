import type { Listener } from './platform/Platform';

/** Progress of long work on stderr: one line that moves on a terminal, now and then a line elsewhere. */
export class Progress implements Listener {
  #last = 0;
  #shown = false;
  readonly #terminal = process.stderr.isTTY === true;

  /** Shows where the work is; drops what comes too fast to read. */
  update(text: string): void {
    const now = Date.now();
    if (now - this.#last < (this.#terminal ? 100 : 5_000)) return;
    this.#last = now;
    if (this.#terminal) {
      process.stderr.write(`\r\u001b[K${text.slice(0, 118)}`);
      this.#shown = true;
    } else {
      process.stderr.write(`${text}\n`);
    }
  }

  /** Takes the moving line away, if there is any. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
    this.#shown = false;
  }

  /** Ends the moving line, if any, and says the last word. */
  done(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }
}
