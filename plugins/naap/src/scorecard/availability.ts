import { AvailabilityRow, PriceRow } from '@naap/plugin-naap-common';
import { NamedFigure } from '../components/Figures';
import { ExportTable } from '../export/table';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatInterval,
  formatMid,
  formatNumber,
  formatValue,
} from '../lib/format';
import { atLeastHour, formatStep, Grain, SeriesPoint } from '../lib/series';

/** What the scraper found in one step; null where nothing says. */
export interface AvailabilityStep {
  at: string;
  provisional: boolean;
  /** It is not over. */
  running: boolean;
  observations: number;
  masked: number;
  /** Fractions. */
  availability: number | null;
  interval: { low: number; high: number } | null;
  gpu_utilization: number | null;
  response_p50_ms: number | null;
  response_p95_ms: number | null;
  /** Streams. */
  capacity: number | null;
  in_use: number | null;
  /** In the unit of the chart. */
  price: number | null;
}

/** What prices are told apart by: of different ones no mean is taken. */
type PriceUnit = Pick<PriceRow, 'model' | 'currency' | 'unit'>;

const LONGEST_NAME = 24;

const name = (text: string) => cutMiddle(text, LONGEST_NAME);

/** `USD per hour`, of what it says. */
export function priceUnitText({ currency, unit }: PriceUnit): string {
  return [currency && name(currency), unit && `per ${name(unit)}`]
    .filter(Boolean)
    .join(' ');
}

/** The price with the most readings: the one that a chart can follow. */
export function mainPrice(prices: readonly PriceRow[]): PriceRow | undefined {
  return [...prices].sort((a, b) => b.n - a.n)[0];
}

const isOf = (price: PriceRow, { model, currency, unit }: PriceUnit) =>
  price.model === model && price.currency === currency && price.unit === unit;

export function availabilitySteps(
  points: ReadonlyArray<SeriesPoint<AvailabilityRow>>,
  priced: PriceUnit | undefined,
): AvailabilityStep[] {
  return points.map(({ at, provisional, running, row }) => ({
    at,
    provisional,
    running,
    observations: row?.observations ?? 0,
    masked: row?.masked ?? 0,
    availability: row?.availability ?? null,
    interval:
      row && row.availability !== null
        ? { low: row.availability_low, high: row.availability_high }
        : null,
    gpu_utilization: row?.gpu_utilization.mean ?? null,
    response_p50_ms: row?.response_ms.p50 ?? null,
    response_p95_ms: row?.response_ms.p95 ?? null,
    capacity: row?.capacity.total ?? null,
    in_use: row?.capacity.in_use ?? null,
    price:
      (priced && row?.prices.find(price => isOf(price, priced))?.mean) ?? null,
  }));
}

/** Totals of the window, each with what it rests on. */
export function availabilityFigures(
  row: AvailabilityRow,
  cue: { value: number | null; n: number } | undefined,
): NamedFigure[] {
  const { response_ms: response, capacity, gpu_utilization: gpu } = row;
  const interval = { low: row.availability_low, high: row.availability_high };
  const answers = `mean ${formatValue(response.mean, 'ms')} · n ${formatCountOf(
    response.n,
    'answers',
  )}`;
  const streams =
    capacity.in_use === null || capacity.total === null
      ? ''
      : `${formatNumber(capacity.in_use)} of ${formatNumber(
          capacity.total,
        )} streams · `;
  const estimate =
    cue && cue.value !== null
      ? ` · beside CUE ${formatValue(
          cue.value,
          'fraction',
        )} estimated, n ${formatCountOf(cue.n, 'samples')}`
      : '';
  const price = mainPrice(row.prices);
  const others = row.prices.length - 1;
  const noAnswer = 'No answer in this window';
  return [
    {
      name: 'Availability',
      value:
        row.availability === null
          ? null
          : formatValue(row.availability, 'fraction'),
      evidence: `${formatInterval(interval, 'fraction')} · n ${formatCountOf(
        row.observations,
        'observations',
      )}`,
      absence: notObserved(row),
    },
    ...(['p50', 'p95'] as const).map(percentile => ({
      name: `Response time, ${percentile}`,
      value:
        response[percentile] === null
          ? null
          : formatMid(response[percentile], 'ms'),
      evidence: answers,
      absence: noAnswer,
    })),
    {
      name: 'GPU utilisation, measured',
      value: gpu.mean === null ? null : formatValue(gpu.mean, 'fraction'),
      evidence: `n ${formatCountOf(gpu.n, 'readings')} of ${formatCountOf(
        gpu.gpus,
        'GPUs',
      )}${estimate}`,
      absence: 'No runner that says it was asked',
    },
    {
      name: 'Capacity in use',
      value:
        capacity.share_in_use === null
          ? null
          : formatValue(capacity.share_in_use, 'fraction'),
      evidence: `${streams}n ${formatCountOf(capacity.n, 'answers')}`,
      absence: 'No answer says its capacity and its use',
    },
    {
      name: 'Price',
      value: price
        ? `${formatNumber(price.mean)}\u202f${
            price.currency ? name(price.currency) : ''
          }`.trimEnd()
        : null,
      evidence:
        price &&
        [
          price.unit && `per ${name(price.unit)}`,
          price.model && name(price.model),
          `n ${formatCountOf(price.n, 'readings')}`,
          others > 0 && `${formatCount(others)} more in the export`,
        ]
          .filter(Boolean)
          .join(' · '),
      absence: 'No answer says a price',
    },
  ];
}

function notObserved({ masked, refused }: AvailabilityRow): string {
  if (masked > 0) return 'Only rounds that are masked';
  return refused > 0
    ? 'The scraper may not ask its address'
    : 'Not asked by the scraper in this window';
}

/** What is left out of the numbers and why; null: nothing is. */
export function leftOut({ masked, refused }: AvailabilityRow): string | null {
  const parts = [
    masked > 0 &&
      `${formatCountOf(
        masked,
        'observations',
      )} of rounds that are not whole, or in which the scraper itself was cut off`,
    refused > 0 &&
      `${formatCountOf(
        refused,
        'observations',
      )} that the scraper's gate refused`,
  ].filter(Boolean);
  return parts.length > 0 ? `Left out: ${parts.join('; ')}.` : null;
}

/** All that the charts show, in words. */
export function describeAvailability(
  steps: readonly AvailabilityStep[],
  grain: Grain,
): string {
  const known = steps.filter(step => step.availability !== null);
  const worst = [...known].sort(
    (a, b) => (a.availability ?? 0) - (b.availability ?? 0),
  )[0];
  const newest = [...steps].reverse().find(step => step.capacity !== null);
  return [
    `Reachability and capacity by ${grain}`,
    `${known.length} of ${steps.length} observed`,
    worst &&
      `lowest availability ${formatValue(
        worst.availability,
        'fraction',
      )} at ${formatStep(worst.at, grain)}`,
    newest && `newest capacity ${formatNumber(newest.capacity ?? 0)} streams`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function exportAvailability(
  rows: readonly AvailabilityRow[],
  grain: Grain,
): ExportTable {
  return {
    name: `availability-by-${grain}`,
    rows: rows.map(row => ({
      [atLeastHour(grain)]: row[atLeastHour(grain)] ?? null,
      observations: row.observations,
      reachable: row.reachable,
      availability: row.availability,
      availability_low: row.availability_low,
      availability_high: row.availability_high,
      refused: row.refused,
      masked: row.masked,
      response_ms_n: row.response_ms.n,
      response_ms_mean: row.response_ms.mean,
      response_ms_p50: row.response_ms.p50,
      response_ms_p95: row.response_ms.p95,
      response_ms_p99: row.response_ms.p99,
      capacity_n: row.capacity.n,
      capacity_total: row.capacity.total,
      capacity_in_use: row.capacity.in_use,
      capacity_available: row.capacity.available,
      capacity_share_in_use: row.capacity.share_in_use,
      gpu_utilization_n: row.gpu_utilization.n,
      gpu_utilization_mean: row.gpu_utilization.mean,
      prices: JSON.stringify(row.prices),
    })),
  };
}
