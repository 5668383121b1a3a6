import { cutOf, filtersOf, requestQueryOf, windowOf } from './query';

describe('filtersOf', () => {
  it('takes ~ for no value and an empty text for itself', () => {
    expect(filtersOf({ gateway: ['', '~', '~~'], gpu: ['~'] })).toEqual({
      gateway: ['', null, '~~'],
      gpu: [null],
    });
  });

  it('takes addresses in any case, and no other value', () => {
    expect(filtersOf({ orchestrator: ['0xABcd'], model: ['SDXL'] })).toEqual({
      orchestrator: ['0xabcd'],
      model: ['SDXL'],
    });
  });

  // Gold made them lower case by the rules of another engine: what it kept must be found.
  it('leaves letters outside of ASCII in an address as they are', () => {
    expect(filtersOf({ orchestrator: ['0XİΣ'] })).toEqual({
      orchestrator: ['0xİΣ'],
    });
  });

  it('takes nothing but the filters, and none that is absent', () => {
    const params = { model: ['m'], colour: ['red'], limit: 3 };
    expect(filtersOf(params)).toEqual({ model: ['m'] });
    expect(filtersOf({})).toEqual({});
  });
});

describe('windowOf', () => {
  it('passes bounds on, open ones too', () => {
    expect(windowOf({ from: '2026-01-08T00:00:00Z' })).toEqual({
      from: '2026-01-08T00:00:00Z',
      to: undefined,
    });
  });

  it.each(['2026-01-08T00:00:00Z', '2026-01-07T00:00:00Z'])(
    'refuses a window that ends at %s, where it starts or before',
    to => {
      const from = '2026-01-08T00:00:00Z';
      expect(() => windowOf({ from, to })).toThrow("'from'");
      expect(() => cutOf({ from, to })).toThrow("'to'");
    },
  );
});

it('requestQueryOf names what the store knows', () => {
  expect(
    requestQueryOf({
      outcome: ['failed'],
      request_id: 'r',
      stream_id: 's',
      model: ['m'],
      order: 'oldest',
      limit: 1,
      offset: 2,
    }),
  ).toEqual({
    from: undefined,
    to: undefined,
    filters: { model: ['m'] },
    outcome: ['failed'],
    requestId: 'r',
    streamId: 's',
    order: 'oldest',
    limit: 1,
    offset: 2,
  });
});
