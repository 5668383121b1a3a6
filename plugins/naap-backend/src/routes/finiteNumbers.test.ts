import { InputError } from '@backstage/errors';
import type { Request, RequestHandler, Response } from 'express';
import { finiteNumbers } from './finiteNumbers';

const REFUSAL = new InputError('no');

function outcome(query: object, validator: RequestHandler): unknown {
  const next = jest.fn();
  finiteNumbers(validator)({ query } as Request, {} as Response, next);
  return next.mock.calls[0][0];
}

describe('finiteNumbers', () => {
  const passes: RequestHandler = (_req, _res, next) => next();

  it.each([Infinity, -Infinity, NaN])('refuses %s, by name', limit => {
    expect(outcome({ from: 'x', limit }, passes)).toMatchObject({
      name: 'InputError',
      message: "'limit' must be a finite number",
    });
  });

  it('lets pass what the validator lets pass, and refuses what it refuses', () => {
    expect(outcome({ limit: 0, by: ['model'] }, passes)).toBeUndefined();
    expect(
      outcome({ limit: Infinity }, (_req, _res, next) => next(REFUSAL)),
    ).toBe(REFUSAL);
  });
});
