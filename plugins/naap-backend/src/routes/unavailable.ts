import { ServiceUnavailableError } from '@backstage/errors';
import { isDiskFull } from '@naap/system';
import type { ErrorRequestHandler } from 'express';

/** Once there is room again, events are taken at once and a step begins within this. */
const RETRY_AFTER_SECONDS = 10;

/**
 * What can't be done now, such as what must be written to a full disk, is answered with 503 and when to come again,
 * wherever the error comes from: the event log, the portal's database, a step.
 */
export const unavailable: ErrorRequestHandler = (error, _req, res, next) => {
  const full = isDiskFull(error);
  if (!full && error?.name !== 'ServiceUnavailableError') {
    next(error);
    return;
  }
  if (!res.headersSent && !res.hasHeader('Retry-After')) {
    res.set('Retry-After', String(RETRY_AFTER_SECONDS));
  }
  next(
    full && error.name !== 'ServiceUnavailableError'
      ? new ServiceUnavailableError(
          'The disk is full: free some space, then try again',
        )
      : error,
  );
};
