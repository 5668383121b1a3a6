import { KpiRow, SupplyRow } from '@naap/plugin-naap-common';
import { NamedFigure } from '../components/Figures';
import { ExportTable } from '../export/table';
import {
  formatCount,
  formatCountOf,
  formatNumber,
  formatValue,
} from '../lib/format';
import {
  atLeastHour,
  formatStep,
  Grain,
  grainName,
  SeriesPoint,
  STEP_MS,
} from '../lib/series';

/** Demand and supply of one step; null where nothing says. */
export interface DemandStep {
  at: string;
  provisional: boolean;
  /** It is not over. */
  running: boolean;
  requests: number | null;
  unserved: number | null;
  /** Requests that were not unserved. */
  taken: number | null;
  minutes: number | null;
  restarts: number | null;
  /** ETH. */
  fees: number | null;
  gpus: number | null;
  capacity: number | null;
  in_use: number | null;
  warm: number | null;
}

/**
 * Demand beside supply, step by step. A step without a request, or without a capability report, is a gap. What is offered is
 * told by the hour at the shortest: shorter steps have what their hour has.
 */
export function demandSteps(
  demand: ReadonlyArray<SeriesPoint<KpiRow>>,
  supply: readonly SupplyRow[],
  grain: Grain,
): DemandStep[] {
  const unit = atLeastHour(grain);
  const offered = new Map(
    supply.map(row => [Date.parse(row[unit] ?? ''), row] as const),
  );
  const startOf = (at: string) =>
    Math.floor(Date.parse(at) / STEP_MS[unit]) * STEP_MS[unit];
  return demand.map(({ at, provisional, running, row }) => {
    const report = offered.get(startOf(at)) ?? null;
    return {
      at,
      provisional,
      running,
      requests: row?.requests ?? null,
      unserved: row?.unserved ?? null,
      taken: row && row.requests - row.unserved,
      minutes: row?.inference_minutes ?? null,
      restarts: row?.restarts ?? null,
      fees: row?.fees_eth ?? null,
      gpus: report?.gpus ?? null,
      capacity: report?.capacity ?? null,
      in_use: report?.capacity_in_use ?? null,
      warm: report?.warm ?? null,
    };
  });
}

/** Payments whose fee can't be read add nothing: the fees may be more than is said. */
function paymentsText({ payments, unread_payments: unread }: KpiRow): string {
  const n = `n ${formatCountOf(payments, 'payments')}`;
  return unread > 0 ? `${n}, ${formatCount(unread)} of them unread` : n;
}

const NO_REPORT = 'No capability report in this window';

/** Totals of the window, each with what it rests on. */
export function demandFigures(
  total: KpiRow | undefined,
  supply: SupplyRow | undefined,
): NamedFigure[] {
  const requests = total?.requests ?? 0;
  const n = `n ${formatCountOf(requests, 'requests')}`;
  const absence = requests === 0 ? 'No request in this window' : undefined;
  const reports =
    supply && supply.hours > 0
      ? `mean of ${formatCountOf(
          supply.hours,
          'hours',
        )} with a report of anybody`
      : NO_REPORT;
  const capacity = (value: number | null | undefined) =>
    typeof value === 'number' ? formatNumber(value) : null;
  return [
    { name: 'Requests', value: formatCount(requests), evidence: 'that count' },
    {
      name: 'Unserved',
      value: total && requests > 0 ? formatCount(total.unserved) : null,
      evidence:
        total &&
        `${formatValue(total.unserved / requests, 'fraction')} of ${n}`,
      absence,
    },
    {
      name: 'Inference minutes',
      // Also of requests that began before the window.
      value:
        total && (requests > 0 || total.inference_ms > 0)
          ? formatNumber(total.inference_minutes)
          : null,
      evidence: 'served in this window',
      absence,
    },
    {
      name: 'Restarts',
      value: total && requests > 0 ? formatCount(total.restarts) : null,
      evidence: `of runners while they served, ${n}`,
      absence,
    },
    {
      name: 'Fees',
      value:
        total && total.payments > 0
          ? `${formatNumber(total.fees_eth)}\u202fETH`
          : null,
      evidence: total && paymentsText(total),
      absence: 'No payment in this window',
    },
    {
      name: 'GPUs',
      value: supply && supply.hours > 0 ? formatCount(supply.gpus) : null,
      evidence:
        supply &&
        `distinct, of ${formatCountOf(supply.orchestrators, 'orchestrators')}`,
      absence: NO_REPORT,
    },
    {
      name: 'Capacity',
      value: capacity(supply?.capacity),
      evidence: reports,
      absence: 'No report says',
    },
    {
      name: 'Warm capacity',
      value: capacity(supply?.warm),
      evidence: reports,
      absence: 'No report says',
    },
    {
      name: 'Capacity in use',
      value: capacity(supply?.capacity_in_use),
      evidence: reports,
      absence: 'No report says',
    },
  ];
}

/** All that both charts show, in words. */
export function describeDemand(
  steps: readonly DemandStep[],
  grain: Grain,
): string {
  const known = steps.filter(step => step.requests !== null);
  const reported = steps.filter(step => step.capacity !== null);
  const highest = [...known].sort(
    (a, b) => (b.requests ?? 0) - (a.requests ?? 0),
  )[0];
  const newest = reported[reported.length - 1];
  return [
    `Demand and supply by ${grainName(grain)}`,
    `${known.length} of ${steps.length} with requests`,
    highest &&
      `most requests ${formatCount(highest.requests ?? 0)} at ${formatStep(
        highest.at,
        grain,
      )}`,
    `${reported.length} with a capability report`,
    newest && `newest capacity ${formatNumber(newest.capacity ?? 0)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function exportDemand(
  steps: readonly DemandStep[],
  grain: Grain,
): ExportTable {
  return {
    name: `demand-by-${grain}`,
    rows: steps.map(
      ({ at, taken: _, running: __, minutes, fees, in_use, ...step }) => ({
        [grain]: at,
        ...step,
        inference_minutes: minutes,
        fees_eth: fees,
        capacity_in_use: in_use,
      }),
    ),
  };
}
