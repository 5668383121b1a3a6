import { bestOf, Candidate } from './best';

const candidate = (low: number, high: number, enough = true): Candidate => ({
  interval: { low, high },
  enough,
});
const none: Candidate = { interval: null, enough: false };

describe('the best of those that are compared', () => {
  it('is the one whose interval lies apart from all others', () => {
    const rates = [
      candidate(0.2, 0.3),
      candidate(0.05, 0.1),
      candidate(0.11, 0.2),
    ];
    expect(bestOf(rates, 'lower')).toBe(1);
    expect(bestOf(rates, 'higher')).toBeNull();
    expect(bestOf([candidate(80, 85), candidate(86, 90)], 'higher')).toBe(1);
  });

  it('is nobody where intervals overlap or touch, however far the values are apart', () => {
    expect(
      bestOf([candidate(0, 0.1), candidate(0.09, 0.9)], 'lower'),
    ).toBeNull();
    expect(
      bestOf([candidate(0, 0.1), candidate(0.1, 0.9)], 'lower'),
    ).toBeNull();
  });

  it('is never one with too little evidence', () => {
    const few = [candidate(0, 0.1, false), candidate(0.2, 0.3)];
    expect(bestOf(few, 'lower')).toBeNull();
  });

  it('needs a rival with an interval', () => {
    expect(bestOf([candidate(0, 0.1), none], 'lower')).toBeNull();
    expect(bestOf([none, none], 'lower')).toBeNull();
    expect(bestOf([], 'lower')).toBeNull();
  });
});
