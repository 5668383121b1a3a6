import { KPI_CATALOGUE, KpiId, NULL_LITERAL } from '@naap/plugin-naap-common';
import {
  formatWindow,
  parseWindow,
  WindowChoice,
} from '../explorer/explorerState';

/** So many can be read side by side. */
export const MOST_COMPARED = 4;
const DEFAULT_KPI: KpiId = 'failure_rate';

export type CompareKind = 'orchestrator' | 'model';

/** Everything that the page shows follows from this, and all of it is in the URL. */
export interface CompareState {
  kind: CompareKind;
  /** As the events name them, each once, at most `MOST_COMPARED`. */
  ids: string[];
  window: WindowChoice;
  /** Whose trends are drawn. */
  kpi: KpiId;
}

/** Reads the state out of a query string: orchestrators, or models where it names no orchestrator. */
export function parseCompareState(params: URLSearchParams): CompareState {
  const orchestrators = idsOf(params, 'orchestrator');
  const models = idsOf(params, 'model');
  const kind =
    orchestrators.length === 0 &&
    (models.length > 0 || params.get('of') === 'model')
      ? 'model'
      : 'orchestrator';
  return {
    kind,
    ids: kind === 'model' ? models : orchestrators,
    window: parseWindow(params),
    kpi:
      KPI_CATALOGUE.find(({ id }) => id === params.get('kpi'))?.id ??
      DEFAULT_KPI,
  };
}

/** The shortest query string that gives the state back. */
export function formatCompareState(state: CompareState): URLSearchParams {
  const params = formatWindow(state.window);
  state.ids.forEach(id => params.append(state.kind, id));
  if (state.kind === 'model' && state.ids.length === 0) {
    params.set('of', 'model');
  }
  if (state.kpi !== DEFAULT_KPI) {
    params.set('kpi', state.kpi);
  }
  return params;
}

function idsOf(params: URLSearchParams, kind: CompareKind): string[] {
  return [...new Set(params.getAll(kind))]
    .filter(id => id !== '' && id !== NULL_LITERAL)
    .slice(0, MOST_COMPARED);
}
