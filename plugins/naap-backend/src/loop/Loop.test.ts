import { mockServices } from '@backstage/backend-test-utils';
import { logPositions } from '@naap/ingestion';
import type { StepId } from '@naap/plugin-naap-common';
import { gate, setUpSteps } from '../__testUtils__/steps';
import { Loop, type LoopRun } from './Loop';
import { PipelineState } from './PipelineState';
import { StepRunner } from './StepRunner';

function setUp() {
  const steps = setUpSteps();
  const clock = { now: Date.now() };
  const { run, state, look } = steps;
  const loop = new Loop({
    run: async step => {
      try {
        await run(step);
        return { state: 'succeeded', error: null };
      } catch (error) {
        return { state: 'failed', error: `${error}` };
      }
    },
    state,
    look,
    logger: mockServices.logger.mock(),
    now: () => clock.now,
  });
  return { ...steps, clock, loop };
}

/** A loop whose runs another process takes; a round takes no time. */
function setUpElsewhere(run: (step: StepId) => Promise<LoopRun | undefined>) {
  const { state, log, look } = setUpSteps();
  const asked: StepId[] = [];
  const logger = mockServices.logger.mock();
  const now = Date.now();
  const loop = new Loop({
    run: async step => {
      asked.push(step);
      return run(step);
    },
    state,
    look,
    logger,
    now: () => now,
  });
  return { state, log, asked, loop, logger };
}

describe('Loop', () => {
  it('ends a round with the sync, and takes what came in meanwhile in the next', async () => {
    const { loop, steps, log } = setUp();
    log.end = 3;
    steps.on = async id => {
      if (id === 'build' && log.end === 3) log.end = 8;
      return { changed: true, details: {} };
    };
    await loop.round();
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
    await loop.round();
    expect(steps.ran.slice(3)).toEqual(['commit', 'build', 'sync']);
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

  it('leaves alone what the loop of another process has done, and goes on where that stopped', async () => {
    const { loop, steps, log, look } = setUp();
    const other = new PipelineState();
    const elsewhere = async (step: StepId) => {
      const bus = { positions: async () => logPositions(log.end) };
      const runner = new StepRunner({
        state: other,
        bus,
        onCommitted: () => {},
      });
      await runner.run(steps.step(step), {
        signal: new AbortController().signal,
        options: {},
        logger: mockServices.logger.mock(),
      });
    };
    steps.on = async () => ({ changed: true, details: {} });
    await loop.round();
    steps.ran.length = 0;
    log.end = 3;
    for (const step of ['commit', 'build', 'sync'] as const) {
      await elsewhere(step);
    }
    steps.ran.length = 0;
    await loop.round();
    expect(steps.ran).toEqual([]);
    log.end = 5;
    await elsewhere('commit');
    steps.ran.length = 0;
    await loop.round();
    expect(steps.ran).toEqual(['build', 'sync']);
    expect(other.nextDue(await look(), Date.now())).toBeUndefined();
  });

  it('learns what became of runs that another process took', async () => {
    const { state, log, loop, asked } = setUpElsewhere(async () => ({
      state: 'succeeded',
      error: null,
    }));
    log.end = 3;
    await loop.round();
    await loop.round();
    expect(asked).toEqual(['commit', 'build', 'sync']);
    expect(state.snapshot()).toMatchObject({
      lastSyncAt: expect.any(String),
      lastError: null,
    });
  });

  it('holds back what failed elsewhere, and asks again for what was lost there', async () => {
    const ends = [
      { state: 'lost' as const, error: 'died' },
      { state: 'failed' as const, error: 'locked' },
    ];
    const { state, loop, asked } = setUpElsewhere(async () => ends.shift());
    await loop.round();
    await loop.round();
    await loop.round();
    expect(asked).toEqual(['commit', 'commit']);
    expect(state.snapshot().lastError).toMatchObject({ message: 'locked' });
  });

  it('asks on while the disk is full, tells it once, and goes on by itself', async () => {
    let full = true;
    const { loop, asked, logger, state } = setUpElsewhere(async () => {
      if (full) throw new Error('The disk is full: 3 MB are free');
      return { state: 'succeeded', error: null };
    });
    for (let n = 0; n < 3; n++) await loop.round();
    expect(asked).toEqual(['commit', 'commit', 'commit']);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    full = false;
    await loop.round();
    expect(state.snapshot().lastSyncAt).not.toBeNull();
  });

  it('waits for a run of the step that is on already, and stands it when none can be asked for', async () => {
    const answers = [async () => undefined];
    const { loop, asked } = setUpElsewhere(async () => {
      const answer = answers.shift();
      if (!answer) throw new Error('no database');
      return answer();
    });
    await loop.round();
    await loop.round();
    await loop.round();
    expect(asked).toEqual(['commit', 'commit', 'commit']);
  });
});
