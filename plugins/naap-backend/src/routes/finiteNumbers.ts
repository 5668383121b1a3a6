import { InputError } from '@backstage/errors';
import type { RequestHandler } from 'express';

/**
 * A validator that refuses what is no finite number in a query: ajv takes `1e309` and `Infinity` for whole numbers, and
 * then does not ask for their bounds.
 */
export function finiteNumbers(validator: RequestHandler): RequestHandler {
  return (req, res, next) => {
    validator(req, res, (refusal?: unknown) => {
      const wrong = Object.entries<unknown>(req.query).find(
        ([, value]) => typeof value === 'number' && !Number.isFinite(value),
      );
      next(
        refusal ??
          (wrong && new InputError(`'${wrong[0]}' must be a finite number`)),
      );
    });
  };
}
