import { runArguments } from './runArguments';

const parameter = (name: 'full' | 'model' | 'days') =>
  ({ name, type: 'flag', title: name, description: name } as const);
const step = {
  id: 'build',
  parameters: [parameter('full'), parameter('days')],
} as const;
const build = { ...step, parameters: [...step.parameters] };

describe('runArguments', () => {
  it('gives equal runs the same JSON', () => {
    const days = ['2026-01-09', '2026-01-08', '2026-01-09'];
    const one = runArguments(build, { days, full: true });
    const other = runArguments(build, {
      full: true,
      days: ['2026-01-08', '2026-01-09'],
    });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    expect(runArguments(build, { full: false })).toEqual({});
  });

  it('refuses what the step does not know, whatever it is called', () => {
    expect(() => runArguments(build, { model: 'kpi_hourly' })).toThrow(
      "'build' knows no argument 'model'; it knows full, days",
    );
    const odd = JSON.parse('{"__proto__": 1, "shell": "rm"}');
    expect(() => runArguments(build, odd)).toThrow('knows no argument');
    expect(() =>
      runArguments({ id: 'commit', parameters: [] }, { full: true }),
    ).toThrow('it knows none');
  });

  it('refuses a day that is none', () => {
    for (const day of ['2026-1-8', '2026-02-31T00:00', '2026-13-01']) {
      expect(() => runArguments(build, { days: [day] })).toThrow(
        `days: "${day}" is no day like 2026-01-08`,
      );
    }
  });
});
