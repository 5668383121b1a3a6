import type { StepId } from '@naap/plugin-naap-common';
import { Progress, PipelineState } from './PipelineState';

const START = Date.parse('2026-01-08T00:00:00Z');

/** Stages that are so far, and what the steps between them have taken. */
function stages() {
  const holds = { bus: 0, lake: 0, gold: 0 };
  const taken: Record<string, number> = { commit: 0, build: 0, sync: 0 };
  const progress = (): Progress =>
    new Map(
      (['commit', 'build', 'sync'] as const).map((step, i) => [
        step,
        {
          source: String(Object.values(holds)[i]),
          taken: String(taken[step]),
        },
      ]),
    );
  return { holds, taken, progress };
}

function setUp() {
  const state = new PipelineState();
  const data = stages();
  const { holds, taken, progress } = data;
  const nextDue = (now = START) => state.nextDue(progress(), now);
  const sourceOf = (step: StepId) => progress().get(step)?.source ?? null;
  /** A run that takes all there is. What it changes of the stage after it is another version of that. */
  const run = (step: StepId, changed = true) => {
    state.started(step);
    const source = sourceOf(step);
    taken[step] = Number(source);
    if (changed && step === 'commit') holds.lake++;
    if (changed && step === 'build') holds.gold++;
    state.succeeded(step, source, START);
  };
  /** Runs all that is due with the given outcome of every step; answers the order. */
  const drain = (changed: (step: StepId) => boolean = () => true) => {
    const ran: StepId[] = [];
    for (let due = nextDue(); due; due = nextDue()) {
      ran.push(due);
      run(due, changed(due));
    }
    return ran;
  };
  return { state, ...data, nextDue, sourceOf, run, drain };
}

describe('PipelineState', () => {
  it('runs every step once after a start, in the order of the data, also where nothing is new', () => {
    const { drain, nextDue } = setUp();
    expect(drain(() => false)).toEqual(['commit', 'build', 'sync']);
    expect(nextDue()).toBeUndefined();
  });

  it('goes on after a start with what another process left, the furthest first', () => {
    const { holds, drain } = setUp();
    holds.gold = 7;
    expect(drain(() => false)).toEqual(['sync', 'commit', 'build']);
  });

  it('serves a build before it commits what came in meanwhile', () => {
    const { holds, nextDue, run, drain } = setUp();
    drain();
    const ran: StepId[] = [];
    for (let i = 0; i < 6; i++) {
      holds.bus++;
      const due = nextDue()!;
      ran.push(due);
      run(due);
    }
    expect(ran).toEqual(['commit', 'build', 'sync', 'commit', 'build', 'sync']);
  });

  it('commits new rows, and builds and syncs only what changed', () => {
    const { holds, drain } = setUp();
    drain();
    holds.bus = 5;
    expect(drain()).toEqual(['commit', 'build', 'sync']);
    holds.bus = 9;
    expect(drain(step => step === 'commit')).toEqual(['commit', 'build']);
    holds.bus = 12;
    expect(drain(() => false)).toEqual(['commit']);
  });

  it('leaves alone what another process has taken', () => {
    const { holds, taken, drain, nextDue } = setUp();
    drain();
    Object.assign(holds, { bus: 5, lake: 5, gold: 5 });
    Object.assign(taken, { commit: 5, build: 5, sync: 5 });
    expect(nextDue()).toBeUndefined();
  });

  it('commits again what came in during a commit', () => {
    const { state, holds, drain, nextDue, sourceOf } = setUp();
    drain();
    holds.bus = 5;
    const source = sourceOf('commit');
    state.started('commit');
    state.succeeded('commit', source, START);
    expect(nextDue()).toBeUndefined();
    holds.bus = 6;
    expect(nextDue()).toBe('commit');
  });

  it('runs nothing twice for the same, where a step takes nothing and does not say so', () => {
    const { state, holds, drain, nextDue, sourceOf } = setUp();
    drain();
    // Maintenance made another snapshot, in which the build finds nothing.
    holds.lake = 70;
    expect(nextDue()).toBe('build');
    state.succeeded('build', sourceOf('build'), START);
    expect(nextDue()).toBeUndefined();
    holds.lake = 71;
    expect(nextDue()).toBe('build');
  });

  it('syncs after a build by hand', () => {
    const { drain, run, nextDue } = setUp();
    drain();
    run('build');
    expect(nextDue()).toBe('sync');
  });

  it('holds a failed step back, longer each time, and lets the others run', () => {
    const { state, holds, drain, run, nextDue } = setUp();
    drain();
    holds.bus = 5;
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      state.started('commit');
      return (state.failed('commit', 'no space', START) - START) / 1000;
    });
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    expect(nextDue()).toBeUndefined();
    run('build');
    run('sync');
    expect(nextDue(START + 299_999)).toBeUndefined();
    expect(nextDue(START + 300_000)).toBe('commit');
  });

  it('shows the newest failure until its step succeeds', () => {
    const { state } = setUp();
    state.started('build');
    state.failed('build', 'old', START);
    state.started('sync');
    state.failed('sync', 'new', START + 1);
    expect(state.snapshot().lastError).toEqual({
      step: 'sync',
      message: 'new',
      at: '2026-01-08T00:00:00.001Z',
    });
    state.started('sync');
    state.succeeded('sync', null, START + 2);
    expect(state.snapshot()).toMatchObject({
      lastSyncAt: '2026-01-08T00:00:00.002Z',
      lastBuildAt: null,
      lastError: { step: 'build', message: 'old' },
    });
  });

  it('lets a cancelled step rest for a minute, and takes it for no failure', () => {
    const { state, nextDue, run } = setUp();
    state.started('commit');
    state.cancelled('commit', START);
    expect(state.snapshot()).toMatchObject({ running: null, lastError: null });
    expect(nextDue(START + 59_999)).toBeUndefined();
    expect(nextDue(START + 60_000)).toBe('commit');
    run('commit');
    expect(nextDue()).toBe('build');
  });

  it('still wants the whole sync after one of some days', () => {
    const { state, run, nextDue } = setUp();
    run('commit');
    run('build');
    state.started('sync');
    state.succeeded('sync', undefined, START);
    expect(nextDue()).toBe('sync');
    run('sync');
    state.started('sync');
    state.succeeded('sync', undefined, START);
    expect(nextDue()).toBeUndefined();
  });

  it('takes the end of a run that it was told of already for no news', () => {
    const { state, nextDue } = setUp();
    const asked = { at: START, source: '0' };
    const failed = { state: 'failed', error: 'no' } as const;
    state.started('commit');
    state.failed('commit', 'no', START + 1);
    state.ended('commit', failed, asked, START + 2);
    expect(nextDue(START + 5_001)).toBe('commit');
    const again = { ...asked, at: START + 6_000 };
    state.ended('commit', failed, again, START + 6_000);
    expect(nextDue(START + 15_999)).toBeUndefined();
    expect(nextDue(START + 16_000)).toBe('commit');
  });

  it('leaves to their schedule, and out of it, steps that tell no progress', () => {
    const { state, drain, nextDue } = setUp();
    drain();
    state.started('maintain');
    state.succeeded('maintain', null, START);
    expect(nextDue(START + 86_400_000)).toBeUndefined();
    const { sync, commit } = { sync: '0', commit: '5' };
    const without: Progress = new Map([
      ['commit', { source: commit, taken: '0' }],
      ['sync', { source: sync, taken: '0' }],
    ]);
    expect(state.nextDue(without, START)).toBe('commit');
  });
});
