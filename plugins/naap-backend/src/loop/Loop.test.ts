import { setUpSteps } from '../__testUtils__/steps';
import { Loop } from './Loop';

const live = new AbortController().signal;

function setUp() {
  const steps = setUpSteps();
  const clock = { now: Date.now() };
  const { runner, state, log } = steps;
  const loop = new Loop({
    runner,
    state,
    logEnd: () => log.end,
    now: () => clock.now,
  });
  return { ...steps, clock, loop };
}

describe('Loop', () => {
  it('ends a round with the sync, and takes what came in meanwhile in the next', async () => {
    const { loop, steps, log, served } = setUp();
    log.end = 3;
    steps.on = async id => {
      if (id === 'build' && log.end === 3) log.end = 8;
      return { changed: true, details: {} };
    };
    await loop.round(live);
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
    expect(served).toEqual([3]);
    await loop.round(live);
    expect(steps.ran.slice(3)).toEqual(['commit', 'build', 'sync']);
    expect(served).toEqual([3, 8]);
  });

  it('rests as long as a round took, but not so long that events wait over 40 s', async () => {
    const { loop, steps, log, clock } = setUp();
    const roundsOf = async (stepMs: number, restMs: number) => {
      steps.on = async () => {
        clock.now += stepMs;
        return { changed: true, details: {} };
      };
      steps.ran.length = 0;
      log.end++;
      await loop.round(live);
      log.end++;
      clock.now += restMs - 1;
      await loop.round(live);
      const early = steps.ran.length;
      clock.now += 1;
      await loop.round(live);
      clock.now += 60_000;
      return [early, steps.ran.length];
    };
    expect(await roundsOf(2_000, 6_000)).toEqual([3, 6]);
    expect(await roundsOf(5_000, 10_000)).toEqual([3, 6]);
    expect(await roundsOf(7_000, 1)).toEqual([6, 6]);
  });

  it('ends the round at a failure and goes on with the next', async () => {
    const { loop, runner, steps, log } = setUp();
    await loop.round(live);
    steps.ran.length = 0;
    steps.on = async id => {
      if (id === 'commit') throw new Error('locked');
      return { changed: true, details: {} };
    };
    log.end = 3;
    await loop.round(live);
    expect(steps.ran).toEqual(['commit']);
    await runner.run('build');
    await loop.round(live);
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
  });

  it('starts nothing when aborted', async () => {
    const { loop, steps } = setUp();
    await loop.round(AbortSignal.abort());
    expect(steps.ran).toEqual([]);
  });
});
