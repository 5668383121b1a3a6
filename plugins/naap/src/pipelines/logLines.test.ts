import { RunLogLine } from '@naap/plugin-naap-common';
import { appendLines, atLeast, backOff, logText, onOneLine } from './logLines';

const line = (seq: number, level: RunLogLine['level'] = 'info') => ({
  seq,
  at: '2026-01-08T10:00:00.000Z',
  level,
  message: `line ${seq}`,
});

describe('the log of a run', () => {
  it('takes every line once, also when a second connection sends some again', () => {
    const first = appendLines([], [line(1), line(2)]);
    const second = appendLines(first, [line(2), line(3), line(3)]);
    expect(second.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('stays the same array when nothing is new', () => {
    const lines = [line(1)];
    expect(appendLines(lines, [line(1)])).toBe(lines);
  });

  it('shows a level and the more urgent ones', () => {
    const lines = [line(1, 'debug'), line(2, 'warn'), line(3, 'error')];
    expect(atLeast(lines, 'debug')).toBe(lines);
    expect(atLeast(lines, 'warn').map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('is a line of text per line', () => {
    expect(logText([line(1), line(2, 'error')])).toBe(
      '2026-01-08T10:00:00.000Z info  line 1\n2026-01-08T10:00:00.000Z error line 2\n',
    );
  });

  it('shows the line breaks of a message as signs, without the white space around them', () => {
    expect(onOneLine('  one \r\n\n\t two\n three ')).toBe(
      '  one ⏎ two ⏎ three',
    );
  });

  it('waits longer with every failure, and 15 s at most', () => {
    expect([1, 2, 3, 4, 5, 20].map(backOff)).toEqual([
      1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
  });
});
