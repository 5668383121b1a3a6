import { LossyOutput } from '@naap/system';
import { join } from 'node:path';
import { stripVTControlCharacters as withoutColours } from 'node:util';
import { LogFile } from './LogFile';

/** What `naap up` and the portal tell: on stderr, and in `run/up.log`. Neither holds anything up; colours are for a terminal. */
export class PlatformLog {
  readonly #stderr = new LossyOutput(process.stderr);
  readonly #file: LogFile;
  readonly #kept: LossyOutput;

  /** @param home - held by this process: the file is its own */
  constructor(home: string) {
    this.#file = new LogFile(join(home, 'run', 'up.log'));
    this.#kept = new LossyOutput(this.#file);
  }

  readonly say = (text: string): void => this.write(`${text}\n`);

  readonly write = (text: string): void => {
    this.#stderr.write(process.stderr.isTTY ? text : withoutColours(text));
    this.keep(text);
  };

  /** In the file only: the terminal hears of it in another way. */
  keep(text: string): void {
    this.#kept.write(withoutColours(text));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
