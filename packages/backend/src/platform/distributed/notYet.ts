import { ServiceUnavailableError } from '@backstage/errors';

/** Rejects: the distributed profile can't do that yet. */
export function notYet(what: string): () => Promise<never> {
  return async () => {
    throw new ServiceUnavailableError(
      `'${what}' is not part of the distributed profile yet; use the profile embedded`,
    );
  };
}
