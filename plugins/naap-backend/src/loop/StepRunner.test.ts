import { logPositions } from '@naap/ingestion';
import { once } from 'node:events';
import { setUpSteps } from '../__testUtils__/steps';

describe('StepRunner', () => {
  it('answers what the step did and keeps the state', async () => {
    const { run, steps, state } = setUpSteps();
    steps.on = async (_id, { options }) => ({
      changed: true,
      details: { full: options.full },
      rows: 7,
    });
    expect(await run('build', { full: true })).toEqual({
      changed: true,
      details: { full: true },
      rows: 7,
    });
    expect(state.snapshot()).toMatchObject({
      running: null,
      lastBuildAt: expect.any(String),
      lastError: null,
    });
  });

  it('passes the error of the step on, and goes on after it', async () => {
    const { run, steps, state } = setUpSteps();
    steps.on = async id => {
      if (id === 'build') throw new Error('dbt said no');
      return { changed: true, details: {} };
    };
    await expect(run('build')).rejects.toThrow('dbt said no');
    await expect(run('sync')).resolves.toMatchObject({ changed: true });
    expect(state.snapshot()).toMatchObject({
      running: null,
      lastError: { step: 'build', message: 'Error: dbt said no' },
    });
  });

  it('says in words that the disk is full, and has the loop look again soon, however often', async () => {
    const { run, steps, state, nextDue, logger } = setUpSteps();
    steps.on = async () => {
      throw new Error('[Errno 28] No space left on device');
    };
    for (let n = 0; n < 8; n++) {
      await expect(run('commit')).rejects.toThrow(
        /^The disk is full: .*Errno 28/,
      );
    }
    expect(state.snapshot().lastError?.message).toMatch(/The disk is full/);
    expect(await nextDue(Date.now() + 6_000)).toBe('commit');
    expect(logger.error).toHaveBeenCalledTimes(8);
  });

  it('announces another try only of what the loop tries again', async () => {
    const { run, steps, logger } = setUpSteps();
    steps.on = async id => {
      throw new Error(`${id} broke`);
    };
    for (const step of ['build', 'maintain'] as const) {
      await expect(run(step)).rejects.toThrow('broke');
    }
    const [[build], [maintain]] = logger.error.mock.calls;
    expect(build).toMatch(/failed, next try at .*: Error: build broke$/);
    expect(maintain).toMatch(/failed: Error: maintain broke$/);
  });

  it('tells what a step outside the loop did, though no other has to go on from it', async () => {
    const { run, steps, logger } = setUpSteps();
    steps.on = async () => ({ changed: false, details: { files: 3 } });
    await run('maintain');
    await run('build');
    expect(logger.info).toHaveBeenCalledTimes(1);
    expect(logger.info.mock.calls[0][0]).toContain('{"files":3}');
    expect(logger.debug.mock.calls[0][0]).toContain('nothing to do');
  });

  it('says what is in the lake, and takes a commit that left rows out for a failure', async () => {
    const { run, steps, state, log, committed } = setUpSteps();
    log.end = 5;
    steps.on = async () => ({
      changed: true,
      details: {},
      committed: logPositions(5),
    });
    await run('commit');
    log.end = 7;
    await expect(run('commit')).rejects.toThrow(/up to \S*:5, not \S*:7$/);
    expect(committed).toEqual([logPositions(5)]);
    expect(state.snapshot().lastError?.step).toBe('commit');
  });

  it('leaves a sync due of which some days were done', async () => {
    const { run, log, nextDue } = setUpSteps();
    log.end = 4;
    for (const step of ['commit', 'build'] as const) await run(step);
    await run('sync', { days: ['2026-01-08'] });
    expect(await nextDue()).toBe('sync');
    await run('sync');
    expect(await nextDue()).toBeUndefined();
  });

  it('takes a step that is stopped for no failure, and rejects with the reason of that', async () => {
    const { run, steps, state } = setUpSteps();
    const stop = new AbortController();
    steps.on = async (_id, { signal }) => {
      await once(signal, 'abort');
      throw new Error('killed');
    };
    const running = run('build', {}, stop.signal);
    stop.abort(new Error('Cancelled by ada'));
    await expect(running).rejects.toThrow('Cancelled by ada');
    expect(state.snapshot()).toMatchObject({ running: null, lastError: null });
  });
});
