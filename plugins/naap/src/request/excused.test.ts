import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCUSED_MESSAGES, HARMLESS_MESSAGES, weightOf } from './excused';

describe('what an error weighs (kpis.md §2)', () => {
  it.each([
    ['is_excused', EXCUSED_MESSAGES],
    ['is_harmless', HARMLESS_MESSAGES],
  ])('%s of the build has the same messages', (macro, messages) => {
    const macros = readFileSync(
      join(__dirname, '../../../../dbt/macros/events.sql'),
      'utf8',
    );
    const [, list = ''] =
      new RegExp(`macro ${macro}\\(message\\) %\\}[^[]*\\[([^\\]]*)\\]`).exec(
        macros,
      ) ?? [];
    expect([...list.matchAll(/'([^']+)'/g)].map(([, part]) => part)).toEqual([
      ...messages,
    ]);
  });

  it.each([
    ['MediaMTX ingest disconnected: EOF', 'excused'],
    ['CREDIT_EXHAUSTION', 'excused'],
    ['Error updating params: 400', 'harmless'],
    ['Next segment has started, whip disconnected', 'excused'],
    // Only the ASCII letters have two cases.
    ['mediamtx ingest disconnected'.replace('i', '\u0130'), 'not excused'],
    ['GPU lost', 'not excused'],
    [null, 'not excused'],
  ])('%j is %s', (message, weight) => {
    expect(weightOf(message)).toBe(weight);
  });
});
