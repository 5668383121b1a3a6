import { ingestHour } from '../testing/answers';
import { classSteps, describeClasses, exportClasses } from './classSeries';

const WINDOW = {
  from: '2026-01-08T20:00:00.000Z',
  to: '2026-01-09T00:00:00.000Z',
};
const NOW = Date.parse('2026-01-08T22:30:00.000Z');

const rows = [
  ingestHour({
    hour: '2026-01-08T20:00:00.000Z',
    read: 10,
    accepted: 7,
    ignored: 1,
    rejected: 2,
  }),
  ingestHour({
    hour: '2026-01-08T22:00:00.000Z',
    read: 30,
    accepted: 30,
  }),
];

describe('messages by class over time', () => {
  it('has every hour up to now; an hour without a message has none, and no share', () => {
    const steps = classSteps(rows, 'hour', WINDOW, NOW);
    expect(
      steps.map(({ at, read, rejectedShare }) => [
        at.slice(11, 13),
        read,
        rejectedShare,
      ]),
    ).toEqual([
      ['20', 10, 0.2],
      ['21', 0, null],
      ['22', 30, 0],
    ]);
  });

  it('adds hours up to days, and takes shares of the sums', () => {
    const [day] = classSteps(rows, 'day', WINDOW, NOW);
    expect(day).toMatchObject({
      at: '2026-01-08T00:00:00.000Z',
      read: 40,
      accepted: 37,
      ignoredShare: 1 / 40,
      rejectedShare: 2 / 40,
    });
  });

  it('is told in words with its worst step', () => {
    expect(
      describeClasses(classSteps(rows, 'hour', WINDOW, NOW), 'hour'),
    ).toMatch(
      /^Messages by class and hour, 2 of 3 with messages, highest rejected share 20.0\u202f% of 10 at/,
    );
    expect(describeClasses([], 'day')).toBe(
      'Messages by class and day, 0 of 0 with messages',
    );
  });

  it('leaves as counts and shares under names of the field', () => {
    const { rows: exported } = exportClasses(
      classSteps(rows, 'hour', WINDOW, NOW),
      'hour',
    );
    expect(exported[1]).toEqual({
      hour: '2026-01-08T21:00:00.000Z',
      read: 0,
      accepted: 0,
      duplicate: 0,
      ignored: 0,
      rejected: 0,
      ignored_share: null,
      rejected_share: null,
    });
  });
});
