import { Run } from '@naap/plugin-naap-common';
import { run } from '../testing/pipelines';
import { argumentTexts, daysOf, durationOf, durationText } from './runs';

const plain = (text: string | null) => text?.replaceAll('\u202f', ' ') ?? null;

describe('durationOf', () => {
  const now = Date.parse('2026-01-08T10:00:30.000Z');
  const startedAt = '2026-01-08T10:00:00.000Z';
  it.each<[string, Partial<Run>, number | null]>([
    ['one that has ended took what it says', { durationMs: 21_000 }, 21_000],
    [
      'one that runs has run until now',
      { state: 'running', startedAt, durationMs: null },
      30_000,
    ],
    [
      'one that never began has none',
      { state: 'cancelled', startedAt: null, durationMs: null },
      null,
    ],
    [
      'of a lost one nobody knows',
      { state: 'lost', startedAt, durationMs: null },
      null,
    ],
  ])('%s', (_, facts, ms) => {
    expect(durationOf(run(facts), now)).toBe(ms);
  });
});

it('sets a duration against the usual one', () => {
  expect(plain(durationText(21_000, 20_000))).toBe('21.0 s, usually 20.0 s');
  expect(plain(durationText(21_000, null))).toBe('21.0 s');
  expect(durationText(null, 20_000)).toBeNull();
});

it('says arguments in words', () => {
  expect(argumentTexts({})).toEqual([]);
  expect(
    argumentTexts({ full: true, model: 'kpi_hourly', days: ['2026-01-08'] }),
  ).toEqual(['full', 'model kpi_hourly', '2026-01-08']);
  expect(argumentTexts({ days: ['2026-01-08', '2026-01-09'] })).toEqual([
    '2 days',
  ]);
});

it('lists the UTC days of a span, newest first', () => {
  expect(
    daysOf('2026-02-27T23:00:00.000Z', '2026-03-01T00:00:00.000Z'),
  ).toEqual(['2026-03-01', '2026-02-28', '2026-02-27']);
  expect(daysOf(null, null)).toEqual([]);
});
