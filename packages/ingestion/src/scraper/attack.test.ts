import { join } from 'node:path';
import { ATTACKS, GIANT } from './__fixtures__/attacks';
import {
  ALL_IS_HERE,
  describeIsolated,
  runWithoutNetwork,
} from './__fixtures__/namespace';
import {
  MAX_REPORTED,
  MAX_TRIALS,
  MAX_TRIALS_PER_NETWORK,
  MAX_TRIALS_PER_WIDE_NETWORK,
} from './RoundLimits';

jest.setTimeout(300_000);

/** Beside its question an origin is asked once a day whether it wants to be asked. */
const REQUESTS = 2;
/** Waits of 1, 2, 4, … minutes and then an hour. */
const OPENINGS_A_DAY = 30;

interface Found {
  rounds: number;
  /** Questions to the honest orchestrator. */
  honest: number;
  /** Requests to all others: most in a round, and in all rounds. */
  worst: number;
  day: number;
  /** Most in a round. */
  events: number;
  unwhole: number;
  againstOthers: number;
  paths: string[];
}

describeIsolated('where strangers aim the scraper at a third party', () => {
  let found: Record<string, Found>;

  beforeAll(() => {
    const script = join(__dirname, '__fixtures__', 'attack.ts');
    found = JSON.parse(runWithoutNetwork(script, ALL_IS_HERE));
  });

  it.each(ATTACKS)('$is cost it little in a round and in a day', ({ is }) => {
    const isWide = /\/48|\/16/.test(is);
    const trials = isWide
      ? MAX_TRIALS_PER_WIDE_NETWORK
      : MAX_TRIALS_PER_NETWORK;
    const { worst, day, paths } = found[is];
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThanOrEqual(REQUESTS * trials);
    expect(day).toBeLessThanOrEqual(REQUESTS * trials * OPENINGS_A_DAY);
    expect(paths.sort()).toEqual([
      '/.well-known/naap-scraper.txt',
      '/discovery',
    ]);
  });

  it.each(ATTACKS)(
    '$is neither crowd out an orchestrator nor speak against anybody',
    ({ is }) => {
      const { rounds, honest, events, unwhole, againstOthers } = found[is];
      // It has to have its turn once; then it is known.
      expect(honest).toBeGreaterThan(rounds - 20);
      expect(events).toBeLessThanOrEqual(MAX_REPORTED);
      expect(unwhole).toBe(0);
      expect(againstOthers).toBe(0);
    },
  );

  it('a giant report costs all others together little in a round', () => {
    const { worst, events, unwhole } = found[GIANT.is];
    expect(worst).toBeLessThanOrEqual(REQUESTS * MAX_TRIALS);
    expect(events).toBe(MAX_REPORTED);
    expect(unwhole).toBe(0);
  });
});
