import { formatSpan, Window } from '@naap/plugin-naap-common';
import { formatCount } from '../lib/format';
import { formatUtc } from '../lib/time';
import { isInHours, WindowChoice, WindowPreset } from './explorerState';

/** `24 h` of `24h`. */
export function presetLabel(preset: WindowPreset): string {
  return preset.replace(/(\d+)/, '$1 ');
}

/**
 * From when to when, up to now; how it is rounded where that is more than the picture shows; and since when there is data, where
 * that begins inside.
 *
 * @param firstHour - the earliest that is served, ISO 8601; null or undefined: not known
 */
export function windowText(
  window: Required<Window>,
  firstHour?: string | null,
): string {
  const now = new Date();
  const from = new Date(window.from);
  const to = new Date(Math.min(Date.parse(window.to), now.getTime()));
  const span = `${formatSpan(from, to, now)}${
    isInHours(window, now.getTime()) ? ', rounded to full hours' : ''
  }`;
  const first = firstHour ? new Date(firstHour) : from;
  return first > from ? `${span}, data since ${formatUtc(first, now)}` : span;
}

/** How long it is: `24 h`, `7 d`. */
export function windowLabel(
  window: Required<Window>,
  preset: WindowChoice['preset'],
): string {
  if (preset !== 'custom') {
    return presetLabel(preset);
  }
  const hours = (Date.parse(window.to) - Date.parse(window.from)) / 3_600_000;
  return hours > 24 && hours % 24 === 0
    ? `${formatCount(hours / 24)} d`
    : `${formatCount(hours)} h`;
}
