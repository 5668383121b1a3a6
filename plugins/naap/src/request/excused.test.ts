import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCUSED_MESSAGES, isExcused } from './excused';

describe('excused messages (kpis.md §2)', () => {
  it('are those that the build excuses', () => {
    const macros = readFileSync(
      join(__dirname, '../../../../dbt/macros/events.sql'),
      'utf8',
    );
    const [, list] =
      /macro is_excused[^%]*%\}\(\{% for part in \[([^\]]*)\]/.exec(macros) ??
      [];
    expect([...list.matchAll(/'([^']+)'/g)].map(([, part]) => part)).toEqual([
      ...EXCUSED_MESSAGES,
    ]);
  });

  it.each([
    ['MediaMTX ingest disconnected: EOF', true],
    ['GPU lost', false],
    [null, false],
  ])('%j is excused: %s', (message, excused) => {
    expect(isExcused(message)).toBe(excused);
  });
});
