import { InputError } from '@backstage/errors';
import type { Window } from '@naap/plugin-naap-common';

export const HOUR_MS = 3_600_000;

const SPANS = new Map([
  ['1h', HOUR_MS],
  ['24h', 24 * HOUR_MS],
  ['7d', 7 * 24 * HOUR_MS],
  ['30d', 30 * 24 * HOUR_MS],
]);

// A time of day without a zone would be read in the zone of the machine.
const TIME =
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * The window of a `time_range` or `period`: a span up to now, or `from/to`. Throws an InputError that names the
 * parameter.
 */
export function windowOfRange(
  parameter: string,
  range: string,
  now: number,
): Required<Window> {
  const span = SPANS.get(range);
  if (span) {
    return {
      from: new Date(now - span).toISOString(),
      to: new Date(now).toISOString(),
    };
  }
  const bounds = range
    .split('/')
    .map(text => (TIME.test(text) ? Date.parse(text) : NaN));
  const [from, to] = bounds;
  if (bounds.length !== 2 || bounds.some(Number.isNaN)) {
    throw new InputError(
      `'${parameter}' must be 1h, 24h, 7d, 30d, or from/to in ISO 8601 with a zone, such as 2026-01-08/2026-01-09T12:00:00Z`,
    );
  }
  if (from >= to) {
    throw new InputError(`'${parameter}' must begin before it ends`);
  }
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
}
