import {
  formatQualityState,
  parseQualityState,
  QualityState,
} from './qualityState';

const parse = (search: string) =>
  parseQualityState(new URLSearchParams(search));

describe('state of the data quality page in the URL', () => {
  it('is the default for an empty query, which the default is written as', () => {
    expect(formatQualityState(parse('')).toString()).toBe('');
  });

  it('comes back whole', () => {
    const state: QualityState = {
      window: { preset: '7d' },
      grain: 'day',
      class: 'rejected',
      reason: 'not_json&<b>',
      page: 2,
    };
    expect(parse(formatQualityState(state).toString())).toEqual(state);
  });

  it.each(['class=accepted', 'reason=', 'page=-1', 'page=x', 'grain=week'])(
    'falls back to the default for %s',
    search => {
      expect(parse(search)).toEqual(parse(''));
    },
  );
});
