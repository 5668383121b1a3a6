import { dataText, isServed, periodBefore } from './periodBefore';

const span = (from: string, to: string) => ({
  from: `2026-11-${from}:00.000Z`,
  to: `2026-11-${to}:00.000Z`,
});

describe('the period before a window', () => {
  it.each([
    // Exact to five minutes, as the window is.
    ['28T13:55', '28T15:00', '28T12:50', '28T13:55'],
    // So long ago the API knows of hours alone.
    ['27T14:55', '28T15:00', '26T14:00', '27T14:00'],
    ['21T14:00', '28T15:00', '14T13:00', '21T14:00'],
    ['26T15:10', '26T15:40', '26T14:00', '26T15:00'],
  ])('of %s to %s is %s to %s', (from, to, before, end) => {
    const now = Date.parse('2026-11-28T15:00:00Z');
    expect(periodBefore(span(from, to), now)).toEqual(span(before, end));
  });

  it('is there only if something of it is served', () => {
    const period = span('26T14:00', '27T14:00');
    expect(isServed(period, null)).toBe(false);
    expect(isServed(period, '2026-11-27T14:00:00.000Z')).toBe(false);
    expect(isServed(period, '2026-11-27T13:00:00.000Z')).toBe(true);
  });
});

describe('what part of a window has data', () => {
  const window = span('27T14:00', '28T15:00');
  const now = new Date('2026-11-28T14:20:00Z');
  const served = (first: string, last: string) => ({
    firstHour: `2026-11-${first}:00.000Z`,
    watermark: `2026-11-${last}:00.000Z`,
  });

  it.each([
    ['20T00:00', '28T14:19', null],
    ['28T09:00', '28T14:19', 'data since 28 Nov 09:00 UTC'],
    ['20T00:00', '28T11:05', 'data until 28 Nov 11:05 UTC'],
    ['27T20:00', '28T11:05', 'data 27 Nov 20:00 – 28 Nov 11:05 UTC'],
  ])('with data from %s to %s is: %s', (first, last, text) => {
    expect(dataText(window, served(first, last), now)).toBe(text);
  });
});
