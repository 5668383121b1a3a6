import {
  DEFAULT_STATE,
  ExplorerState,
  formatExplorerState,
  parseExplorerState,
  resolveWindow,
  toggleSort,
} from './explorerState';

const parse = (search: string) =>
  parseExplorerState(new URLSearchParams(search));

describe('state of the Explorer in the URL', () => {
  it('is the default for an empty query, which the default is written as', () => {
    expect(parse('')).toEqual(DEFAULT_STATE);
    expect(formatExplorerState(DEFAULT_STATE).toString()).toBe('');
  });

  it('comes back whole', () => {
    const state: ExplorerState = {
      window: {
        preset: 'custom',
        from: '2026-01-08T21:00:00.000Z',
        to: '2026-01-09T00:00:00.000Z',
      },
      filters: {
        region: ['fra', null],
        model: ['a&b=c d', '<script>'],
        orchestrator: ['0x00'],
      },
      sort: { column: 'failure_rate', direction: 'asc' },
      outcome: ['failed', 'unserved'],
      page: 3,
      heat: 'cue',
      allPairs: true,
      trend: 'ptff',
      grain: 'day',
      demand: 'fees',
    };
    expect(parse(formatExplorerState(state).toString())).toEqual(state);
  });

  it.each([
    'window=99h',
    'window=constructor',
    'window=custom&from=x&to=y',
    'window=custom&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'sort=nonsense:asc',
    'sort=failure_rate:sideways',
    'outcome=great',
    'page=-1',
    'page=1e99',
    'page=x',
    'heat=constructor',
    'trend=x',
    'grain=minute',
    'demand=',
    'pairs=some',
  ])('falls back to the default for %s', search => {
    expect(parse(search)).toEqual(DEFAULT_STATE);
  });

  it('keeps to whole five minutes, and covers what is asked for', () => {
    expect(
      parse('window=custom&from=2026-01-01T10:59:59Z&to=2026-01-01T12:00:01Z')
        .window,
    ).toEqual({
      preset: 'custom',
      from: '2026-01-01T10:55:00.000Z',
      to: '2026-01-01T12:05:00.000Z',
    });
  });

  it('takes a repeated value once', () => {
    expect(parse('region=fra&region=fra').filters).toEqual({ region: ['fra'] });
  });
});

describe('resolveWindow', () => {
  it('rounds a window of long ago to full hours, a late one to five minutes', () => {
    const now = Date.parse('2026-01-09T12:00:00Z');
    const custom = (from: string, to: string) =>
      resolveWindow({ preset: 'custom', from, to }, now);
    expect(custom('2026-01-07T11:55:00Z', '2026-01-08T10:05:00Z')).toEqual({
      from: '2026-01-07T11:00:00.000Z',
      to: '2026-01-08T11:00:00.000Z',
    });
    expect(custom('2026-01-08T11:55:00Z', '2026-01-08T12:05:00Z')).toEqual({
      from: '2026-01-08T11:55:00.000Z',
      to: '2026-01-08T12:05:00.000Z',
    });
  });

  it('covers at least the hours asked for, up to now', () => {
    expect(
      resolveWindow({ preset: '1h' }, Date.parse('2026-01-01T14:01:00Z')),
    ).toEqual({
      from: '2026-01-01T13:00:00.000Z',
      to: '2026-01-01T14:05:00.000Z',
    });
    expect(
      resolveWindow({ preset: '7d' }, Date.parse('2026-01-08T14:01:00Z')),
    ).toEqual({
      from: '2026-01-01T14:00:00.000Z',
      to: '2026-01-08T15:00:00.000Z',
    });
  });
});

describe('toggleSort', () => {
  it('begins with the worst and turns round on the second click', () => {
    const first = toggleSort(DEFAULT_STATE.sort, 'failure_rate');
    expect(first).toEqual({ column: 'failure_rate', direction: 'desc' });
    expect(toggleSort(first, 'failure_rate').direction).toBe('asc');
  });
});
