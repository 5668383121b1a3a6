import { Clock, momentOf, roundOf, roundStarts } from './schedule';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 1, 25, 12);

/** A clock that jumps by an offset at the n-th wait. */
function jumpingClock(start: number, jumps: Record<number, number>) {
  let now = start;
  const waits: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async ms => {
      waits.push(ms);
      now += ms + (jumps[waits.length] ?? 0);
    },
  };
  return { clock, waits };
}

async function take(count: number, clock: Clock): Promise<number[]> {
  const starts: number[] = [];
  const never = new AbortController().signal;
  for await (const start of roundStarts(MINUTE, never, clock)) {
    starts.push(start);
    if (starts.length === count) return starts;
  }
  return starts;
}

describe('roundStarts', () => {
  it('gives the round that is on, and then each', async () => {
    const { clock } = jumpingClock(NOON + 17_000, {});
    expect(await take(3, clock)).toEqual([
      NOON,
      NOON + MINUTE,
      NOON + 2 * MINUTE,
    ]);
  });

  it.each([
    ['forward by a day', 86_400_000],
    ['back by a day', -86_400_000],
    ['back by less than an interval', -30_000],
    ['back by a millisecond', -1],
  ])('goes on within an interval when the clock jumps %s', async (_, jump) => {
    const { clock, waits } = jumpingClock(NOON + 17_000, { 2: jump });
    const starts = await take(5, clock);
    expect(Math.max(...waits)).toBeLessThanOrEqual(MINUTE);
    expect(waits.length).toBeLessThanOrEqual(6);
    expect(starts.map(start => start % MINUTE)).toEqual([0, 0, 0, 0, 0]);
    expect(starts.filter((start, i) => start === starts[i - 1])).toEqual([]);
  });

  it('ends when it is told to, in the middle of a wait', async () => {
    const stop = new AbortController();
    const rounds = roundStarts(MINUTE, stop.signal);
    await rounds.next();
    setTimeout(() => stop.abort(new Error('stopped')), 5);
    await expect(rounds.next()).rejects.toThrow();
  });
});

describe('momentOf', () => {
  it('is the same in each round and spreads targets over all of it', () => {
    const moments = Array.from({ length: 1_000 }, (_, i) =>
      momentOf(`https://orch-${i}.example`, MINUTE),
    );
    expect(momentOf('https://orch-7.example', MINUTE)).toBe(moments[7]);
    const tenths = new Array<number>(10).fill(0);
    for (const moment of moments) tenths[Math.floor((10 * moment) / MINUTE)]++;
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(140);
  });
});

it('a round is named by the start of its interval', () => {
  expect(roundOf(NOON + 59_999, MINUTE)).toBe(NOON);
  expect(roundOf(NOON + 60_000, MINUTE)).toBe(NOON + MINUTE);
});
