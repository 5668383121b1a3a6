import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may bring events over HTTP. */
export interface Source {
  name: string;
  token: string;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Finds sources by token without telling by its timing how much of a token was right. */
export class Sources {
  readonly #sources: Array<{ name: string; digest: Buffer }>;

  constructor(sources: Source[]) {
    this.#sources = sources.map(({ name, token }) => ({
      name,
      digest: digest(token),
    }));
  }

  /** The name of the source with this token, or undefined. */
  named(token: string): string | undefined {
    const given = digest(token);
    let found: string | undefined;
    for (const source of this.#sources) {
      if (timingSafeEqual(source.digest, given)) found = source.name;
    }
    return found;
  }
}
