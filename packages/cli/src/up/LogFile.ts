import type { TextOutput } from '@naap/system';
import { FileHandle, open, rename, rm } from 'node:fs/promises';

/** A file is full from this size on; with those before it, all are five times as much. */
const FILE_BYTES = 20 * 1024 * 1024;
const FILES = 5;

interface Waiting {
  text: Buffer;
  done: (error?: Error | null) => void;
}

/**
 * A log on disk of bounded size: `up.log`, and before it `up.1.log` to `up.4.log`. What can't be written, as on a full
 * disk, is told to who wrote it and not tried again.
 */
export class LogFile implements TextOutput {
  #waiting: Waiting[] = [];
  #bytesWaiting = 0;
  #writing: Promise<void> | undefined;
  #file: FileHandle | undefined;
  #size = 0;

  /** @param path - `….log`, in a directory that is there; written to from its end on */
  constructor(
    private readonly path: string,
    private readonly fileBytes: number = FILE_BYTES,
  ) {}

  get writableLength(): number {
    return this.#bytesWaiting;
  }

  write(text: string, done: (error?: Error | null) => void): void {
    const bytes = Buffer.from(text);
    this.#waiting.push({ text: bytes, done });
    this.#bytesWaiting += bytes.length;
    this.#writing ??= this.#writeAll();
  }

  /** What was written is on its way out, as far as it can be; the file is closed. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      let failure: Error | null = null;
      try {
        await this.#append(Buffer.concat(batch.map(({ text }) => text)));
      } catch (error) {
        failure = error as Error;
      }
      for (const { text, done } of batch) {
        this.#bytesWaiting -= text.length;
        done(failure);
      }
    }
    this.#writing = undefined;
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#size >= this.fileBytes) await this.#rotate();
    if (!this.#file) {
      this.#file = await open(this.path, 'a');
      this.#size = (await this.#file.stat()).size;
    }
    try {
      await this.#file.appendFile(bytes);
      this.#size += bytes.length;
    } catch (error) {
      // Half of it may be there: it is taken back, so that the next line begins at the beginning of one.
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#size = 0;
    const before = (n: number) => this.path.replace(/\.log$/, `.${n}.log`);
    await rm(before(FILES - 1), { force: true });
    for (let n = FILES - 2; n >= 1; n--) await moved(before(n), before(n + 1));
    await moved(this.path, before(1));
  }
}

async function moved(from: string, to: string): Promise<void> {
  await rename(from, to).catch(error => {
    if (error.code !== 'ENOENT') throw error;
  });
}
