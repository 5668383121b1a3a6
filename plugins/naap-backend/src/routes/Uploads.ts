import { HttpError } from './HttpError';

/** Each holds up to some 20 MiB while it is read and written. */
const MAX_UPLOADS = 24;
const MAX_UPLOADS_OF_SOURCE = 16;

/** Bounds how many bodies are read at once. */
export class Uploads {
  #bySource = new Map<string, number>();
  #all = 0;

  /** Does `work` unless there are too many; then it throws 429 for the source or 503 for all. */
  async run<T>(source: string, work: () => Promise<T>): Promise<T> {
    const ofSource = this.#bySource.get(source) ?? 0;
    if (ofSource >= MAX_UPLOADS_OF_SOURCE) {
      throw new HttpError(
        429,
        'TooManyUploadsError',
        `${ofSource} uploads of '${source}' are being read; send this one when one of them has ended`,
      );
    }
    if (this.#all >= MAX_UPLOADS) {
      throw new HttpError(
        503,
        'ServiceUnavailableError',
        `${this.#all} uploads are being read; send this one again in a moment`,
      );
    }
    this.#bySource.set(source, ofSource + 1);
    this.#all++;
    try {
      return await work();
    } finally {
      const left = (this.#bySource.get(source) ?? 0) - 1;
      if (left > 0) this.#bySource.set(source, left);
      else this.#bySource.delete(source);
      this.#all--;
    }
  }
}
