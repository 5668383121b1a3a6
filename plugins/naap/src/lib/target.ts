import {
  KpiDefinition,
  KpiTarget,
  kpiTarget,
  RowTargets,
} from '@naap/plugin-naap-common';
import { formatValue } from './format';

const SOURCES: Record<KpiTarget['source'], string | null> = {
  contract: null,
  table: 'set for the model',
  network_median: 'network median of 7 days',
};

/** Where a target comes from, in words; null for one that is the same for all. */
export function targetSource(target: KpiTarget | null): string | null {
  return target && SOURCES[target.source];
}

/** `target < 1 %`, without where it comes from; or why there is none. */
export function targetValueText(
  definition: KpiDefinition,
  targets: RowTargets = {},
): string {
  const target = kpiTarget(definition, targets);
  if (target) {
    const value = withoutZeros(formatValue(target.value, definition.unit));
    return `target ${target.comparison} ${value}`;
  }
  return typeof definition.target === 'string' &&
    targets[definition.target] === null
    ? 'no target for this model'
    : 'target per model';
}

/** `target ≥ 16 fps, network median of 7 days` */
export function targetText(
  definition: KpiDefinition,
  targets?: RowTargets,
): string {
  return [
    targetValueText(definition, targets),
    targetSource(kpiTarget(definition, targets)),
  ]
    .filter(Boolean)
    .join(', ');
}

/** A target is a round figure: `3 s` and not `3.00 s`. */
function withoutZeros(text: string): string {
  return text.replace(/\.(\d*[1-9])?0*(?!\d)/, (_, digits) =>
    digits ? `.${digits}` : '',
  );
}
