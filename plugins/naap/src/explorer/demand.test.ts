import { kpiRow } from '../testing/answers';
import { demandFigures } from './demand';

describe('figures of demand and supply', () => {
  const absences = (supply: Parameters<typeof demandFigures>[1]) =>
    demandFigures(kpiRow({ requests: 3 }), supply)
      .filter(({ name }) => /GPUs|apacity/.test(name))
      .map(({ value, absence }) => [value, absence]);

  it('do not call a failed answer one without a report', () => {
    expect(absences('failed')).toEqual(
      Array.from({ length: 4 }, () => [null, 'failed to load']),
    );
    expect(absences(undefined)[0]).toEqual([
      null,
      'No capability report in this window',
    ]);
  });
});
