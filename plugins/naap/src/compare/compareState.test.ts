import { formatCompareState, parseCompareState } from './compareState';

const parse = (search: string) =>
  parseCompareState(new URLSearchParams(search));

describe('state of a comparison in the URL', () => {
  it('is the orchestrators in their order, each once, and four at most', () => {
    expect(
      parse(
        'orchestrator=b&orchestrator=a&orchestrator=b&orchestrator=c&orchestrator=d&orchestrator=e',
      ).ids,
    ).toEqual(['b', 'a', 'c', 'd']);
  });

  it('has no place for "none": what no orchestrator can be told for is not compared', () => {
    expect(parse('orchestrator=~&orchestrator=&orchestrator=a').ids).toEqual([
      'a',
    ]);
  });

  it('is of models where it names no orchestrator', () => {
    expect(parse('model=m&model=<b>')).toMatchObject({
      kind: 'model',
      ids: ['m', '<b>'],
    });
    expect(parse('model=m&orchestrator=a')).toMatchObject({
      kind: 'orchestrator',
      ids: ['a'],
    });
  });

  it.each([
    '',
    'of=model',
    'model=a+b&model=%3Cb%3E',
    'window=7d&orchestrator=a&orchestrator=b&kpi=ptff',
  ])('comes back from %j', search => {
    expect(formatCompareState(parse(search)).toString()).toBe(search);
  });
});
