import { readRunDetails } from './runDetails';

describe('readRunDetails', () => {
  it('takes a build apart into models, tests and the rest', () => {
    expect(
      readRunDetails({
        buildId: 'b1',
        full: false,
        skipped: null,
        tests: { passed: 240, failed: 1, warned: 0 },
        failures: ['unique_kpi_hourly'],
        models: [
          { name: 'kpi_hourly', ms: 900, rows: 1204 },
          { name: 'fct_requests', ms: 400 },
        ],
      }),
    ).toEqual({
      models: [
        { name: 'kpi_hourly', ms: 900, rows: 1204 },
        { name: 'fct_requests', ms: 400, rows: null },
      ],
      tests: { passed: 240, failed: 1, warned: 0 },
      failures: ['unique_kpi_hourly'],
      days: [],
      rest: [
        { name: 'buildId', text: 'b1' },
        { name: 'full', text: 'false' },
      ],
    });
  });

  it('takes a sync apart into days and the rest', () => {
    expect(
      readRunDetails({ replaced: ['2026-01-08'], dropped: [], rows: 7 }),
    ).toEqual({
      models: [],
      tests: null,
      failures: [],
      days: ['2026-01-08'],
      rest: [
        { name: 'dropped', text: '[]' },
        { name: 'rows', text: '7' },
      ],
    });
  });

  it('stands details of another shape', () => {
    expect(
      readRunDetails({ models: 'all', tests: 3, failures: [1], replaced: {} }),
    ).toEqual({ models: [], tests: null, failures: [], days: [], rest: [] });
  });
});
