import { requestRow } from '../testing/answers';
import { countReasons } from './requestsBehind';

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
