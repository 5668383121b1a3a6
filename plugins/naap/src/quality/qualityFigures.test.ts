import { ingestHour, kpiRow } from '../testing/answers';
import {
  classTotals,
  coverageFigures,
  messageFigures,
  reasonTotals,
  rejectedFigure,
  unattributedFigure,
} from './qualityFigures';
import { rejectedShare } from './rejectedShare';

const hours = [
  ingestHour({
    read: 10,
    accepted: 6,
    ignored: 2,
    rejected: 1,
    duplicate: 1,
    reasons: { not_json: 1, unsupported_type: 2 },
  }),
  ingestHour({
    read: 2,
    accepted: 0,
    rejected: 2,
    reasons: { schema: 1, not_json: 1 },
  }),
];

describe('messages of a window', () => {
  it('add up by class to what came in', () => {
    const { read, ...classes } = classTotals(hours);
    expect(read).toBe(12);
    expect(classes).toEqual({
      accepted: 6,
      duplicate: 1,
      ignored: 2,
      rejected: 3,
    });
    expect(Object.values(classes).reduce((sum, n) => sum + n, 0)).toBe(read);
  });

  it('add up by reason, most first', () => {
    expect(reasonTotals(hours)).toEqual([
      { reason: 'not_json', messages: 2 },
      { reason: 'unsupported_type', messages: 2 },
      { reason: 'schema', messages: 1 },
    ]);
  });

  it('have no share where none came in', () => {
    expect(messageFigures([]).map(figure => figure.value)).toEqual([
      '0',
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('coverage', () => {
  it('is of what it is about: served requests, or requests', () => {
    const figures = coverageFigures(
      kpiRow({ requests: 100, served: 50, complete: 25, unknown: 10 }),
      null,
    );
    expect(figures.map(({ name, value }) => [name, value])).toEqual([
      ['Complete telemetry', '50.0\u202f%'],
      ['Unknown outcome', '10.0\u202f%'],
      ['Loading overlay', '0\u202f%'],
      ['Data tests', null],
    ]);
  });

  it('is unknown, and not 0, without a request', () => {
    expect(coverageFigures(kpiRow(), null).map(({ value }) => value)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the rejected share', () => {
  it('stands beside what is normal, and says when it is above', () => {
    const calm = ingestHour({ read: 1000, rejected: 20 });
    const bad = ingestHour({ read: 1000, rejected: 300 });
    expect(rejectedFigure(rejectedShare([calm, calm]))).toMatchObject({
      value: '2.0\u202f%',
      evidence: expect.stringMatching(/^of 1,000 at .*normal is 2.0\u202f%$/),
    });
    expect(rejectedFigure(rejectedShare([calm, bad])).evidence).toMatch(
      /^above normal, of 1,000/,
    );
    expect(rejectedFigure(null).value).toBeNull();
  });
});

describe('unattributed messages', () => {
  it('are unknown before a build, and then may be 0', () => {
    const state = {
      updatedAt: null,
      runId: null,
      ok: null,
      rows: 0,
      tests: null,
    };
    expect(unattributedFigure(undefined).value).toBeNull();
    expect(unattributedFigure({ state: null }).value).toBeNull();
    expect(unattributedFigure({ state }).value).toBe('0');
  });
});
