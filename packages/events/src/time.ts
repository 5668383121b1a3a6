const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Below this a time is in seconds. */
const FIRST_MILLISECOND_VALUE = 1e11;

/**
 * A time of a message in whole milliseconds of the unix epoch, or null when
 * `value` is no number (nor text of one) or is 0, which means "never".
 */
export function toMillis(value: unknown): number | null {
  let time: number;
  if (typeof value === 'number') {
    time = value;
  } else if (typeof value === 'string' && JSON_NUMBER.test(value)) {
    time = Number(value);
  } else {
    return null;
  }
  const millis = Math.round(
    time < FIRST_MILLISECOND_VALUE ? time * 1000 : time,
  );
  return millis !== 0 && Number.isFinite(millis) ? millis : null;
}
