import { formatCount, formatValue } from './format';
import {
  KpiDefinition,
  KpiGrade,
  KpiReading,
  KpiStatus,
  KpiTarget,
  kpiTarget,
  ModelStatuses,
  RowTargets,
} from './kpiCatalogue';

/** The status in words, everywhere the same. */
export const KPI_STATUS_TEXT: Record<KpiStatus, string> = {
  met: 'met',
  not_met: 'not met',
  too_few: 'too few',
  inconclusive: 'inconclusive',
  no_target: 'no target',
};

const SOURCES: Record<KpiTarget['source'], string | null> = {
  contract: null,
  table: 'set for the model',
  network_median: 'network median of 7 days',
};

/** Where a target comes from, in words; null for one that is the same for all. */
export function targetSource(target: KpiTarget | null): string | null {
  return target && SOURCES[target.source];
}

/** `< 1 %` */
export function targetFigure(
  { comparison, value }: KpiTarget,
  { unit }: KpiDefinition,
): string {
  return `${comparison} ${withoutZeros(formatValue(value, unit))}`;
}

/** `target < 1 %`, without where it comes from; or why there is none. */
export function targetValueText(
  definition: KpiDefinition,
  targets: RowTargets = {},
): string {
  const target = kpiTarget(definition, targets);
  if (target) {
    return `target ${targetFigure(target, definition)}`;
  }
  if (targets.failed) {
    return 'targets failed to load';
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

/** `not met`; of several models `2 of 4 models meet it`. */
export function verdictText({ status, models }: KpiGrade): string {
  return models ? modelsText(models) : KPI_STATUS_TEXT[status];
}

/** Who is not graded is not among them, and said. */
function modelsText(models: ModelStatuses): string {
  const { met, not_met, inconclusive, too_few, no_target } = models;
  const graded = met + not_met + inconclusive;
  const all = graded + too_few + no_target;
  if (graded === 0) {
    return too_few > 0
      ? `too few for each of ${all} models`
      : `no target for ${all} models`;
  }
  const parts = [
    `${met} of ${graded} ${graded === 1 ? 'model meets' : 'models meet'} it`,
    too_few > 0 && `${too_few} too few`,
    no_target > 0 && `${no_target} without a target`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Why a number is not graded, or null: `7 of the 10 requests needed`. */
export function verdictReason(
  definition: KpiDefinition,
  reading: KpiReading,
  { status, models }: KpiGrade,
): string | null {
  const { count, of } = definition.minimum;
  if (models) {
    return null;
  }
  switch (status) {
    case 'too_few':
      return `${formatCount(reading.evidence)} of the ${count} ${of} needed`;
    case 'inconclusive':
      return 'the interval holds the target';
    default:
      return null;
  }
}

/** A target is a round figure: `3 s` and not `3.00 s`. */
function withoutZeros(text: string): string {
  return text.replace(/\.(\d*[1-9])?0*(?!\d)/, (_, digits) =>
    digits ? `.${digits}` : '',
  );
}
