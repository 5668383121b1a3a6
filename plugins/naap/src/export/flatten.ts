import { KpiRow, LatencySummary } from '@naap/plugin-naap-common';
import { ExportValue } from './table';

/** A KPI row without nesting: `ptff_ms` becomes `ptff_ms_n`, `ptff_ms_mean`, `ptff_ms_p50` and so on. */
export function flattenKpis(row: Partial<KpiRow>): Record<string, ExportValue> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      isSummary(value)
        ? Object.entries(value).map(([part, figure]) => [
            `${name}_${part}`,
            figure,
          ])
        : [[name, value ?? null]],
    ),
  );
}

function isSummary(
  value: ExportValue | LatencySummary | undefined,
): value is LatencySummary {
  return typeof value === 'object' && value !== null;
}
