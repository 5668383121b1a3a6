import { nameOrNull } from '@naap/events';

/** Longest text that is taken from a target. */
export const MAX_TEXT = 512;

type Fields = Record<string, unknown>;

/** A text that is not empty, cut to its bound; else null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== ''
    ? value.slice(0, MAX_TEXT).toWellFormed()
    : null;
}

/** A text that is used as a name; too long a one counts as empty (kpis.md, section 1). */
export function name(value: unknown): string | null {
  return nameOrNull(value)?.toWellFormed() ?? null;
}

/** A number from 0 up, or the text of one; else null. */
export function quantity(value: unknown): number | null {
  const number =
    typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0
    ? number
    : null;
}

export function percent(value: unknown): number | null {
  const number = quantity(value);
  return number !== null && number <= 100 ? number : null;
}

/** The members of an object; none of anything else. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The first `max` entries of an array; none of anything else. */
export function entries(value: unknown, max: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : [];
}

/** The sum of what is known; null when nothing is. */
export function sum(values: ReadonlyArray<number | null>): number | null {
  const known = values.filter(value => value !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
}
