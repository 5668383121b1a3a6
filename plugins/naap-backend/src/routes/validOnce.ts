import type { Request, RequestHandler } from 'express';

const MAX_KNOWN = 2_000;
/** Longer ones are rare, and would fill the memory. */
const MAX_LENGTH = 2_000;

/** What the validator leaves on a request. */
interface Validated {
  query: Request['query'];
  openapi: unknown;
}

function frozen(query: Request['query']): Request['query'] {
  Object.values(query).forEach(Object.freeze);
  return Object.freeze(query);
}

/**
 * A validator whose yes to a GET holds for the same URL ever after: what it says hangs on method and URL alone, and
 * most readers ask what others asked. A no never holds, nor does anything that may have a body.
 */
export function validOnce(validator: RequestHandler): RequestHandler {
  /** The longest unused first. */
  const known = new Map<string, Validated>();
  return (req, res, next) => {
    const { originalUrl: url } = req;
    if (req.method !== 'GET' || url.length > MAX_LENGTH) {
      validator(req, res, next);
      return;
    }
    const request = req as typeof req & Validated;
    const before = known.get(url);
    if (before) {
      known.delete(url);
      known.set(url, before);
      Object.assign(request, before);
      next();
      return;
    }
    validator(req, res, (refusal?: unknown) => {
      if (!refusal) {
        const { query, openapi } = request;
        known.set(url, { query: frozen(query), openapi });
        if (known.size > MAX_KNOWN) {
          const [oldest] = known.keys();
          known.delete(oldest);
        }
      }
      next(refusal);
    });
  };
}
