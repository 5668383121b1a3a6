import { mockServices } from '@backstage/backend-test-utils';
import type { StepId } from '@naap/plugin-naap-common';
import { gate, setUpSteps } from '../__testUtils__/steps';
import { Loop } from './Loop';

function setUp() {
  const steps = setUpSteps();
  const clock = { now: Date.now() };
  const { run, state, log } = steps;
  const loop = new Loop({
    run: async (step: StepId) =>
      run(step).then(
        () => true,
        () => false,
      ),
    state,
    logEnd: () => log.end,
    logger: mockServices.logger.mock(),
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
    await loop.round();
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
    expect(served).toEqual([3]);
    await loop.round();
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
      await loop.round();
      log.end++;
      clock.now += restMs - 1;
      await loop.round();
      const early = steps.ran.length;
      clock.now += 1;
      await loop.round();
      clock.now += 60_000;
      return [early, steps.ran.length];
    };
    expect(await roundsOf(2_000, 6_000)).toEqual([3, 6]);
    expect(await roundsOf(5_000, 10_000)).toEqual([3, 6]);
    expect(await roundsOf(7_000, 1)).toEqual([6, 6]);
  });

  it('ends the round at a failure and goes on with the next', async () => {
    const { loop, run, steps, log } = setUp();
    await loop.round();
    steps.ran.length = 0;
    steps.on = async id => {
      if (id === 'commit') throw new Error('locked');
      return { changed: true, details: {} };
    };
    log.end = 3;
    await loop.round();
    expect(steps.ran).toEqual(['commit']);
    await run('build');
    await loop.round();
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
  });

  it('runs one round at a time', async () => {
    const { loop, steps } = setUp();
    const door = gate();
    steps.on = async () => {
      await door.pass();
      return { changed: false, details: {} };
    };
    const first = loop.round();
    await door.somebodyWaits;
    await loop.round();
    expect(steps.ran).toEqual(['commit']);
    door.open();
    await first;
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
  });

  it('stands it when a run cannot be asked for', async () => {
    const { state, log } = setUpSteps();
    const asked: StepId[] = [];
    const loop = new Loop({
      run: async step => {
        asked.push(step);
        throw new Error('no database');
      },
      state,
      logEnd: () => log.end,
      logger: mockServices.logger.mock(),
    });
    await loop.round();
    await loop.round();
    expect(asked).toEqual(['commit', 'commit']);
  });
});
