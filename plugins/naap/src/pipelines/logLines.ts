import { RunLogLevel, RunLogLine } from '@naap/plugin-naap-common';

/** Levels, least urgent first. */
export const LOG_LEVELS = [
  'debug',
  'info',
  'warn',
  'error',
] as const satisfies readonly RunLogLevel[];

/** The lines with the new ones after them. What a second connection sends again is left out. */
export function appendLines(
  lines: readonly RunLogLine[],
  more: readonly RunLogLine[],
): readonly RunLogLine[] {
  let last = lines.length ? lines[lines.length - 1].seq : 0;
  const fresh = more.filter(line => {
    const isFresh = line.seq > last;
    last = Math.max(last, line.seq);
    return isFresh;
  });
  return fresh.length ? [...lines, ...fresh] : lines;
}

/** The lines of a level and of the more urgent ones. */
export function atLeast(
  lines: readonly RunLogLine[],
  level: RunLogLevel,
): readonly RunLogLine[] {
  const from = LOG_LEVELS.indexOf(level);
  return from === 0
    ? lines
    : lines.filter(line => LOG_LEVELS.indexOf(line.level) >= from);
}

/** A message with its line breaks as signs. */
export function onOneLine(message: string): string {
  const [first, ...others] = message.split('\n');
  return [
    first.trimEnd(),
    ...others.map(line => line.trim()).filter(line => line !== ''),
  ].join(' ⏎ ');
}

/** The log as a text file. */
export function logText(lines: readonly RunLogLine[]): string {
  return lines
    .map(({ at, level, message }) => `${at} ${level.padEnd(5)} ${message}\n`)
    .join('');
}

/** How long to wait before the next try to connect, ms: 1 s, doubled with every failure, 15 s at most. */
export function backOff(failures: number): number {
  return Math.min(15_000, 1000 * 2 ** (failures - 1));
}
