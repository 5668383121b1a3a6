import { formatLineageState, parseLineageState } from './lineageState';

const parse = (text: string) => parseLineageState(new URLSearchParams(text));

describe('the lineage in the URL', () => {
  it.each([
    '',
    'node=model.naap.kpi_hourly&column=failed&depth=2&q=kpi&view=table',
    'node=bronze.events',
    'depth=1&q=a+b',
  ])('%p gives itself back', text => {
    expect(formatLineageState(parse(text)).toString()).toBe(text);
  });

  it('falls back to the default where something makes no sense', () => {
    expect(parse('depth=9&view=pie&column=failed')).toEqual(parse(''));
  });
});
