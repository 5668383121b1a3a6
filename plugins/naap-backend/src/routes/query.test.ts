import {
  cutOf,
  filtersOf,
  requestQueryOf,
  windowOf,
  wholeNumber,
} from './query';

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

describe('wholeNumber', () => {
  it('reads what a path says', () => {
    expect(wholeNumber('offset', '7')).toBe(7);
  });

  it.each(['Infinity', '1e309', '-1e309', '9'.repeat(400), 'x', '0.5'])(
    'refuses %s',
    text => {
      expect(() => wholeNumber('offset', text)).toThrow(
        "'offset' must be a whole number under 2^53",
      );
    },
  );
});

describe('windowOf', () => {
  it('refuses a leap second, which is no time to us', () => {
    expect(() => windowOf({ to: '9999-12-31T23:59:60Z' })).toThrow(
      "'to' (9999-12-31T23:59:60Z) is no time",
    );
  });

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
