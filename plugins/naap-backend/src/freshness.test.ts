import { eventToServedP95Ms, freshnessMs } from './freshness';

const build = {
  id: 'b1',
  at: '2026-01-08T22:00:03.000Z',
  tests: { passed: 1, failed: 0, warned: 0 },
};
const syncedAt = '2026-01-08T22:00:05.000Z';

describe('freshness', () => {
  it('is counted from the watermark, and unknown without one', () => {
    const watermark = new Date(Date.now() - 60_000).toISOString();
    expect(freshnessMs({ watermark })).toBeGreaterThanOrEqual(60_000);
    expect(freshnessMs({ watermark: null })).toBeNull();
  });

  it('says how long 95 % of the events of the served build took at most, also to who started after it', () => {
    const arrivedSince = '2026-01-08T22:00:00.500Z';
    const served = { build: { ...build, arrivedSince }, syncedAt };
    expect(eventToServedP95Ms(served)).toBe(4_500);
  });

  it('says nothing where no event came, all were taken again, or a build of before does not tell', () => {
    for (const one of [build, { ...build, arrivedSince: null }, null]) {
      expect(eventToServedP95Ms({ build: one, syncedAt })).toBeNull();
    }
  });
});
