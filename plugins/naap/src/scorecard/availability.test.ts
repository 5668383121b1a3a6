import { AvailabilityRow, PriceRow } from '@naap/plugin-naap-common';
import { availabilityRow } from '../testing/answers';
import {
  availabilityFigures,
  availabilitySteps,
  describeAvailability,
  exportAvailability,
  leftOut,
  mainPrice,
} from './availability';

const plain = (text: unknown) => String(text).replaceAll('\u202f', ' ');

const price = (facts: Partial<PriceRow>): PriceRow => ({
  pipeline: null,
  model: 'm',
  currency: 'USD',
  unit: 'hour',
  n: 1,
  mean: 0.75,
  ...facts,
});

const FOUND = availabilityRow({
  observations: 200,
  reachable: 199,
  availability: 0.995,
  availability_low: 0.972,
  availability_high: 0.999,
  response_ms: { n: 199, mean: 40.2, p50: 31, p95: 120, p99: 300 },
  capacity: { n: 180, total: 8, in_use: 3.2, available: 4, share_in_use: 0.4 },
  gpu_utilization: { n: 90, gpus: 2, mean: 0.625 },
  prices: [price({ n: 3 }), price({ unit: 'second', n: 180, mean: 0.0002 })],
});

const figure = (
  row: AvailabilityRow,
  name: string,
  cue?: { value: number | null; n: number },
) => {
  const found = availabilityFigures(row, cue).find(f => f.name === name)!;
  return [
    found.value && plain(found.value),
    plain(found.value === null ? found.absence : found.evidence),
  ];
};

describe('what the scraper found, in figures (portal.md: never a bare number)', () => {
  it('has an interval or a mean, and n', () => {
    expect(figure(FOUND, 'Availability')).toEqual([
      '99.5 %',
      '97.2 – 99.9 % · n 200 observations',
    ]);
    expect(figure(FOUND, 'Response time, p95')).toEqual([
      '120 ms',
      'mean 40 ms · n 199 answers',
    ]);
    expect(figure(FOUND, 'Capacity in use')).toEqual([
      '40.0 %',
      '3.2 of 8 streams · n 180 answers',
    ]);
  });

  it('puts the estimate beside what is measured, and says which is which', () => {
    const name = 'GPU utilisation, measured';
    expect(figure(FOUND, name, { value: 0.21, n: 500 })).toEqual([
      '62.5 %',
      'n 90 readings of 2 GPUs · beside CUE 21.0 % estimated, n 500 samples',
    ]);
    expect(figure(FOUND, name, { value: null, n: 0 })[1]).toBe(
      'n 90 readings of 2 GPUs',
    );
  });

  it('shows the price that most readings say, and that there are others', () => {
    expect(figure(FOUND, 'Price')).toEqual([
      '0.0002 USD',
      'per second · m · n 180 readings · 1 more in the export',
    ]);
    expect(mainPrice([])).toBeUndefined();
  });

  it.each([
    [{}, 'Not asked by the scraper in this window'],
    [{ masked: 4 }, 'Only rounds that are masked'],
    [{ refused: 4 }, 'The scraper may not ask its address'],
  ])('says why there is none: %j', (facts, absence) => {
    expect(figure(availabilityRow(facts), 'Availability')).toEqual([
      null,
      absence,
    ]);
  });

  it('says what is left out, and nothing when nothing is', () => {
    expect(leftOut(FOUND)).toBeNull();
    expect(leftOut(availabilityRow({ masked: 1200, refused: 1 }))).toBe(
      "Left out: 1,200 observations of rounds that are not whole, or in which the scraper itself was cut off; 1 observation that the scraper's gate refused.",
    );
  });
});

describe('the course of what the scraper found', () => {
  const points = [
    {
      at: '2026-01-08T20:00:00.000Z',
      row: FOUND,
      provisional: false,
      running: false,
    },
    {
      at: '2026-01-08T21:00:00.000Z',
      row: null,
      provisional: true,
      running: false,
    },
  ];

  it('is a gap where nothing was found, and follows one price alone', () => {
    const steps = availabilitySteps(points, price({ unit: 'hour' }));
    expect(steps[0]).toMatchObject({
      availability: 0.995,
      gpu_utilization: 0.625,
      capacity: 8,
      in_use: 3.2,
      price: 0.75,
    });
    expect(steps[1]).toMatchObject({
      observations: 0,
      availability: null,
      interval: null,
      capacity: null,
      price: null,
    });
  });

  it('is said in words', () => {
    expect(
      plain(describeAvailability(availabilitySteps(points, undefined), 'day')),
    ).toBe(
      'Reachability and capacity by day, 1 of 2 observed, lowest availability 99.5 % at 8 Jan, newest capacity 8 streams',
    );
  });

  it('leaves as a table without nesting', () => {
    const { rows } = exportAvailability([{ ...FOUND, hour: 'h' }], 'hour');
    expect(rows[0]).toMatchObject({
      hour: 'h',
      availability: 0.995,
      capacity_in_use: 3.2,
    });
    for (const value of Object.values(rows[0])) {
      expect(typeof value).not.toBe('object');
    }
  });
});
