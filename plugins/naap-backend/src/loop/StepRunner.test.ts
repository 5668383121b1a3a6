import { mockServices } from '@backstage/backend-test-utils';
import { STEP_IDS } from '@naap/plugin-naap-common';
import { once } from 'node:events';
import { FakeSteps } from '../__testUtils__/fakes';
import { Loop } from './Loop';
import { PipelineState } from './PipelineState';
import { StepRunner } from './StepRunner';

function setUp() {
  const steps = new FakeSteps();
  const state = new PipelineState(new Set(STEP_IDS), Date.now());
  const committed: number[] = [];
  const served: number[] = [];
  const log = { end: 0 };
  const runner = new StepRunner({
    steps: new Map(STEP_IDS.map(id => [id, steps.step(id)])),
    state,
    logEnd: () => log.end,
    onCommitted: offset => committed.push(offset),
    onServed: offset => served.push(offset),
    logger: mockServices.logger.mock({
      child: () => mockServices.logger.mock(),
    }),
  });
  return { steps, state, committed, served, log, runner };
}

/** A gate that steps wait at, and a promise of somebody standing there. */
function gate() {
  const waits = Promise.withResolvers<void>();
  const opens = Promise.withResolvers<void>();
  return {
    somebodyWaits: waits.promise,
    open: opens.resolve,
    pass: async () => {
      waits.resolve();
      await opens.promise;
    },
  };
}

describe('StepRunner', () => {
  it('never runs two steps at the same time, and keeps the order', async () => {
    const { runner, steps } = setUp();
    await Promise.all([
      runner.run('build'),
      runner.run('commit'),
      runner.run('sync'),
    ]);
    expect(steps.ran).toEqual(['build', 'commit', 'sync']);
    expect(steps.mostAtOnce).toBe(1);
  });

  it('joins a waiting run of the same kind but not a running one', async () => {
    const { runner, steps } = setUp();
    const door = gate();
    steps.on = async () => {
      await door.pass();
      return { changed: false, details: {} };
    };
    const running = runner.run('commit');
    await door.somebodyWaits;
    const waiting = runner.run('commit');
    expect(waiting).not.toBe(running);
    expect(runner.run('commit')).toBe(waiting);
    expect(runner.run('build')).not.toBe(runner.run('build', { full: true }));
    door.open();
    await Promise.all([running, waiting]);
    expect(steps.ran.slice(0, 2)).toEqual(['commit', 'commit']);
  });

  it('goes on after a failure, and passes the error to the caller', async () => {
    const { runner, steps, state } = setUp();
    steps.on = async id => {
      if (id === 'build') throw new Error('dbt said no');
      return { changed: true, details: {} };
    };
    const build = runner.run('build');
    const sync = runner.run('sync');
    await expect(build).rejects.toThrow('dbt said no');
    await expect(sync).resolves.toMatchObject({ step: 'sync', changed: true });
    expect(state.snapshot()).toMatchObject({
      running: null,
      lastError: { step: 'build', message: 'Error: dbt said no' },
    });
  });

  it('says what is in the lake, and takes a commit that left rows out for a failure', async () => {
    const { runner, steps, state, log, committed } = setUp();
    log.end = 5;
    steps.on = async () => ({ changed: true, details: {}, lakeOffset: 5 });
    await runner.run('commit');
    log.end = 7;
    await expect(runner.run('commit')).rejects.toThrow('up to 5, not 7');
    expect(committed).toEqual([5]);
    expect(state.snapshot().lastError?.step).toBe('commit');
  });

  it('lets the running step end when it stops, and refuses what waits', async () => {
    const { runner, steps } = setUp();
    const door = gate();
    steps.on = async (_id, { signal }) => {
      await door.pass();
      signal.throwIfAborted();
      return { changed: true, details: {} };
    };
    const running = runner.run('build');
    const waiting = runner.run('sync');
    await door.somebodyWaits;
    const stopped = runner.stop(60_000);
    door.open();
    await Promise.all([
      stopped,
      expect(running).resolves.toMatchObject({ changed: true }),
      expect(waiting).rejects.toThrow('stopping'),
    ]);
    expect(steps.ran).toEqual(['build']);
    await expect(runner.run('commit')).rejects.toThrow('stopping');
  });

  it('aborts a step that outlives the grace', async () => {
    const { runner, steps } = setUp();
    steps.on = async (_id, { signal }) => {
      await once(signal, 'abort');
      throw signal.reason;
    };
    const running = runner.run('build');
    await Promise.all([
      expect(running).rejects.toThrow('stopping'),
      runner.stop(1),
    ]);
  });

  it('refuses a step that no module brings', async () => {
    const { state } = setUp();
    const runner = new StepRunner({
      steps: new Map(),
      state,
      logEnd: () => 0,
      onCommitted: () => {},
      onServed: () => {},
      logger: mockServices.logger.mock(),
    });
    await expect(runner.run('maintain')).rejects.toThrow("step 'maintain'");
  });
});

describe('Loop', () => {
  const live = new AbortController().signal;

  it('serves rows that came in while it ran', async () => {
    const { runner, state, steps, log, served } = setUp();
    log.end = 3;
    steps.on = async id => {
      if (id === 'build' && log.end === 3) log.end = 8;
      return { changed: true, details: {} };
    };
    await new Loop(runner, state, () => log.end).drain(live);
    expect(steps.ran).toEqual([
      'commit',
      'build',
      'sync',
      'commit',
      'build',
      'sync',
    ]);
    expect(served).toEqual([3, 8]);
  });

  it('ends the round at a failure and goes on with the next', async () => {
    const { runner, state, steps, log } = setUp();
    const loop = new Loop(runner, state, () => log.end);
    await loop.drain(live);
    steps.ran.length = 0;
    steps.on = async id => {
      if (id === 'commit') throw new Error('locked');
      return { changed: true, details: {} };
    };
    log.end = 3;
    await loop.drain(live);
    expect(steps.ran).toEqual(['commit']);
    await runner.run('build');
    await loop.drain(live);
    expect(steps.ran).toEqual(['commit', 'build', 'sync']);
  });

  it('starts nothing when aborted', async () => {
    const { runner, state, steps } = setUp();
    await new Loop(runner, state, () => 0).drain(AbortSignal.abort());
    expect(steps.ran).toEqual([]);
  });
});
