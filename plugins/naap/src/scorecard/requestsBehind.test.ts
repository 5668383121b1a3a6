import { KPI_CATALOGUE, KpiId, RequestRow } from '@naap/plugin-naap-common';
import { requestRow } from '../testing/answers';
import { countReasons, requestsBehind, selectBehind } from './requestsBehind';

const ids = (id: KpiId, rows: RequestRow[]) =>
  selectBehind(requestsBehind(id), rows).map(row => row.request_id);

describe('the requests behind a KPI (kpis.md §3, of one request)', () => {
  it.each(KPI_CATALOGUE)('of $id have a heading', ({ id }) => {
    expect(requestsBehind(id).title).not.toBe('');
  });

  it('of the failure rate are the failed ones, as they come', () => {
    expect(requestsBehind('failure_rate').outcome).toEqual(['failed']);
    const rows = ['a', 'b'].map(id => requestRow({ request_id: id }));
    expect(ids('failure_rate', rows)).toEqual(['a', 'b']);
  });

  it('of the swap rate are the swapped ones', () => {
    const rows = [
      requestRow({ request_id: 'a', swapped: false, swap_events: 0 }),
      requestRow({ request_id: 'b', swapped: true, swap_events: 0 }),
    ];
    expect(ids('swap_rate', rows)).toEqual(['b']);
  });

  it('of a latency have a value, the slowest first', () => {
    const rows = [
      requestRow({ request_id: 'fast', ptff_ms: 1 }),
      requestRow({ request_id: 'none', ptff_ms: null }),
      requestRow({ request_id: 'slow', ptff_ms: 9 }),
    ];
    expect(ids('ptff', rows)).toEqual(['slow', 'fast']);
  });

  it('leave overlay requests out of first frame and E2E, but not of startup', () => {
    const rows = [requestRow({ request_id: 'a', overlay: true })];
    expect(ids('ptff', rows)).toEqual([]);
    expect(ids('e2e', rows)).toEqual([]);
    expect(ids('startup', rows)).toEqual(['a']);
  });
});

describe('reasons of failures', () => {
  it('are counted of failed requests alone, the most frequent first', () => {
    const rows = (['error', 'no_output', 'no_output', null] as const).map(
      reason =>
        requestRow({ outcome: reason === null ? 'ok' : 'failed', reason }),
    );
    expect(countReasons(rows)).toEqual([
      { reason: 'no_output', count: 2 },
      { reason: 'error', count: 1 },
    ]);
  });
});
