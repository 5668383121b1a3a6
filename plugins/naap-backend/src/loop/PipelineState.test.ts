import { STEP_IDS, StepId } from '@naap/plugin-naap-common';
import { PipelineState } from './PipelineState';

const START = Date.parse('2026-01-08T00:00:00Z');
const newState = (steps: readonly StepId[] = STEP_IDS) =>
  new PipelineState(new Set(steps));

/** Runs all that is due at `now` with the given outcome of every step; answers the order. */
function drain(
  state: PipelineState,
  logEnd: number,
  now: number,
  changed: (step: StepId) => boolean = () => true,
): StepId[] {
  const ran: StepId[] = [];
  for (
    let due = state.nextDue(logEnd, now);
    due;
    due = state.nextDue(logEnd, now)
  ) {
    ran.push(due);
    state.started(due, logEnd);
    state.succeeded(changed(due), now);
  }
  return ran;
}

describe('PipelineState', () => {
  it('runs every data step once after a start, in the order of the data', () => {
    const state = newState();
    expect(drain(state, 0, START, () => false)).toEqual([
      'commit',
      'build',
      'sync',
    ]);
    expect(state.nextDue(0, START)).toBeUndefined();
  });

  it('serves a build before it commits what came in meanwhile', () => {
    const state = newState();
    drain(state, 0, START);
    const ran: StepId[] = [];
    for (let logEnd = 1; logEnd <= 6; logEnd++) {
      const due = state.nextDue(logEnd, START)!;
      ran.push(due);
      state.started(due, logEnd);
      state.succeeded(true, START);
    }
    expect(ran).toEqual(['commit', 'build', 'sync', 'commit', 'build', 'sync']);
  });

  it('commits new rows, and builds and syncs only what changed', () => {
    const state = newState();
    drain(state, 0, START);
    expect(drain(state, 5, START)).toEqual(['commit', 'build', 'sync']);
    expect(drain(state, 9, START, step => step === 'commit')).toEqual([
      'commit',
      'build',
    ]);
    expect(drain(state, 12, START, () => false)).toEqual(['commit']);
  });

  it('commits again what came in during a commit', () => {
    const state = newState();
    drain(state, 0, START);
    state.started('commit', 5);
    state.succeeded(false, START);
    expect(state.nextDue(5, START)).toBeUndefined();
    expect(state.nextDue(6, START)).toBe('commit');
  });

  it('syncs after a build by hand', () => {
    const state = newState();
    drain(state, 0, START);
    state.started('build', 0);
    state.succeeded(true, START);
    expect(state.nextDue(0, START)).toBe('sync');
  });

  it('says what is served: the rows that the commit before the build had', () => {
    const state = newState();
    state.started('commit', 5);
    expect(state.succeeded(true, START)).toBeUndefined();
    state.started('build', 7);
    expect(state.succeeded(true, START)).toBeUndefined();
    state.started('sync', 9);
    expect(state.succeeded(true, START)).toBe(5);
    state.started('sync', 9);
    expect(state.succeeded(false, START)).toBeUndefined();
  });

  it('holds a failed step back, longer each time, and lets the others run', () => {
    const state = newState();
    drain(state, 0, START);
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
      state.started('commit', 5);
      return (state.failed('no space', START) - START) / 1000;
    });
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    expect(state.nextDue(5, START)).toBeUndefined();
    state.started('build', 5);
    state.succeeded(true, START);
    state.started('sync', 5);
    state.succeeded(true, START);
    expect(state.nextDue(5, START + 299_999)).toBeUndefined();
    expect(state.nextDue(5, START + 300_000)).toBe('commit');
  });

  it('shows the newest failure until its step succeeds', () => {
    const state = newState();
    state.started('build', 0);
    state.failed('old', START);
    state.started('sync', 0);
    state.failed('new', START + 1);
    expect(state.snapshot().lastError).toEqual({
      step: 'sync',
      message: 'new',
      at: '2026-01-08T00:00:00.001Z',
    });
    state.started('sync', 0);
    state.succeeded(true, START + 2);
    expect(state.snapshot()).toMatchObject({
      lastSyncAt: '2026-01-08T00:00:00.002Z',
      lastBuildAt: null,
      lastError: { step: 'build', message: 'old' },
    });
  });

  it('lets a cancelled step rest for a minute, and takes it for no failure', () => {
    const state = newState();
    state.started('commit', 5);
    state.cancelled(START);
    expect(state.snapshot()).toMatchObject({ running: null, lastError: null });
    expect(state.nextDue(5, START + 59_999)).toBeUndefined();
    expect(state.nextDue(5, START + 60_000)).toBe('commit');
    state.started('commit', 5);
    state.succeeded(true, START + 1);
    expect(state.nextDue(6, START + 2)).toBe('build');
  });

  it('still wants the whole sync after one of some days, and claims no more served by it', () => {
    const state = newState();
    state.started('commit', 5);
    state.succeeded(true, START);
    state.started('build', 5);
    state.succeeded(true, START);
    state.started('sync', 5, false);
    expect(state.succeeded(true, START)).toBeUndefined();
    expect(state.nextDue(5, START)).toBe('sync');
    state.started('sync', 5);
    expect(state.succeeded(true, START)).toBe(5);
    state.started('sync', 5, false);
    state.succeeded(true, START);
    expect(state.nextDue(5, START)).toBeUndefined();
  });

  it('takes the end of a run that it was told of already for no news', () => {
    const state = newState();
    const asked = { at: START, logEnd: 3 };
    const failed = { state: 'failed', changed: null, error: 'no' } as const;
    state.started('commit', 3);
    state.failed('no', START + 1);
    state.ended('commit', failed, asked, START + 2);
    expect(state.nextDue(3, START + 5_001)).toBe('commit');
    const again = { ...asked, at: START + 6_000 };
    state.ended('commit', failed, again, START + 6_000);
    expect(state.nextDue(3, START + 15_999)).toBeUndefined();
    expect(state.nextDue(3, START + 16_000)).toBe('commit');
  });

  it('leaves maintenance to its schedule', () => {
    const state = newState();
    drain(state, 0, START);
    state.started('maintain', 0);
    state.succeeded(false, START);
    expect(state.nextDue(0, START + 86_400_000)).toBeUndefined();
  });

  it('leaves out steps that no module brings', () => {
    expect(drain(newState(['commit', 'sync']), 5, START)).toEqual(['commit']);
  });
});
