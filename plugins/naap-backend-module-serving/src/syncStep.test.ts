import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GoldSource } from '@naap/plugin-naap-common';
import {
  InvalidQueryError,
  PublicationInterruptedError,
  type Serving,
} from '@naap/serving';
import { syncStep } from './syncStep';

const GOLD: GoldSource = { snapshot: async () => null };

const DONE: Awaited<ReturnType<Serving['sync']>> = {
  buildId: 'b1',
  replaced: ['2026-01-08'],
  dropped: [],
  unchanged: 0,
  left: 1,
  rows: 1234,
  durationMs: 5,
};

const SERVED: Awaited<ReturnType<Serving['state']>> = {
  build: null,
  watermark: null,
  syncedAt: null,
  firstHour: null,
  lastHour: null,
  simulated: false,
};

function step() {
  const serving = {
    plan: jest.fn<ReturnType<Serving['plan']>, Parameters<Serving['plan']>>(
      async () => [],
    ),
    sync: jest.fn<ReturnType<Serving['sync']>, Parameters<Serving['sync']>>(
      async () => DONE,
    ),
    state: jest.fn<ReturnType<Serving['state']>, []>(async () => SERVED),
  };
  const info = jest.fn<void, [string]>();
  const ignore = () => {};
  const logger: LoggerService = {
    info,
    debug: ignore,
    warn: ignore,
    error: ignore,
    child: () => logger,
  };
  const sync = syncStep(serving, GOLD, async () => 'b2');
  const run = (options: { days?: string[] }) =>
    sync.run({
      signal: new AbortController().signal,
      logger,
      options,
    });
  return { serving, info, run, plan: sync.plan, progress: sync.progress! };
}

describe('sync step', () => {
  it('is as far as the build that is served', async () => {
    const { serving, progress } = step();
    const bus = new Map();
    expect(await progress(bus)).toEqual({ source: 'b2', taken: null });
    const tests = { passed: 1, failed: 0, warned: 0 };
    const build = { id: 'b1', at: '2026-01-08T00:00:00.000Z', tests };
    serving.state.mockResolvedValue({ ...SERVED, build });
    expect(await progress(bus)).toEqual({ source: 'b2', taken: 'b1' });
    // The next sync is what mends it.
    serving.state.mockRejectedValue(new PublicationInterruptedError('cut off'));
    expect(await progress(bus)).toEqual({ source: 'b2', taken: null });
  });

  it('says which days it would replace or drop, and their rows now', async () => {
    const { plan, serving } = step();
    serving.plan.mockResolvedValue([
      { day: '2026-01-07', action: 'drop', rows: 10 },
      { day: '2026-01-08', action: 'replace', rows: 0 },
    ]);
    expect(await plan({})).toEqual({
      summary: 'Replaces 1 day and drops 1 day that gold has no more.',
      touches: [
        { kind: 'day', name: '2026-01-07', rows: 10, note: 'drop' },
        { kind: 'day', name: '2026-01-08', rows: 0, note: 'replace' },
      ],
    });
  });

  it('says so when there is nothing to do', async () => {
    expect(await step().plan({})).toEqual({
      summary: 'Nothing to do: what is served is what gold holds.',
      touches: [],
    });
  });

  it('plans and runs nothing for days that fit nothing', async () => {
    const days = ['2026-01-08', '2031-01-01'];
    const { plan, run, serving } = step();
    serving.plan.mockRejectedValue(new InvalidQueryError('Neither'));
    const InputError = { name: 'InputError' };
    await expect(plan({ days })).rejects.toMatchObject(InputError);
    await expect(run({ days })).rejects.toMatchObject(InputError);
    expect(serving.sync).not.toHaveBeenCalled();
  });

  it('syncs the days asked for, logs what is staged and counts the rows', async () => {
    const { run, serving, info } = step();
    serving.sync.mockImplementation(async (_, options) => {
      options?.onProgress?.({
        step: 'stage',
        from: '2026-01-08',
        to: '2026-01-08',
        done: 1,
        total: 1,
        rows: 1234,
      });
      return DONE;
    });
    expect(await run({ days: ['2026-01-08'] })).toEqual({
      changed: true,
      rows: 1234,
      details: DONE,
    });
    expect(serving.sync.mock.calls[0][1]).toMatchObject({
      days: ['2026-01-08'],
    });
    expect(info).toHaveBeenCalledWith(
      'Staged 2026-01-08, 1 of 1 day; 1,234 rows so far',
    );
  });
});
