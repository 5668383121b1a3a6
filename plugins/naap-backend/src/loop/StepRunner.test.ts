import { mockServices } from '@backstage/backend-test-utils';
import { once } from 'node:events';
import { setUpSteps } from '../__testUtils__/steps';
import { StepRunner } from './StepRunner';

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
    const { runner, steps } = setUpSteps();
    await Promise.all([
      runner.run('build'),
      runner.run('commit'),
      runner.run('sync'),
    ]);
    expect(steps.ran).toEqual(['build', 'commit', 'sync']);
    expect(steps.mostAtOnce).toBe(1);
  });

  it('joins a waiting run of the same kind but not a running one', async () => {
    const { runner, steps } = setUpSteps();
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
    const { runner, steps, state } = setUpSteps();
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
    const { runner, steps, state, log, committed } = setUpSteps();
    log.end = 5;
    steps.on = async () => ({ changed: true, details: {}, lakeOffset: 5 });
    await runner.run('commit');
    log.end = 7;
    await expect(runner.run('commit')).rejects.toThrow('up to 5, not 7');
    expect(committed).toEqual([5]);
    expect(state.snapshot().lastError?.step).toBe('commit');
  });

  it('lets the running step end when it stops, and refuses what waits', async () => {
    const { runner, steps } = setUpSteps();
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
    const { runner, steps } = setUpSteps();
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
    const { state } = setUpSteps();
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
