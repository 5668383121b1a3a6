import { QUARANTINE_CLASSES, QuarantineClass } from '@naap/plugin-naap-common';
import {
  formatWindow,
  parseWindow,
  WindowChoice,
} from '../explorer/explorerState';
import { Grain, GRAINS } from '../lib/series';

/** Everything that the page of data quality shows follows from this, and all of it is in the URL. */
export interface QualityState {
  window: WindowChoice;
  /** Steps of the classes; null: what suits the window. */
  grain: Grain | null;
  /** Of the quarantine; null: both. */
  class: QuarantineClass | null;
  /** Of the quarantine; null: all. */
  reason: string | null;
  /** Page of the quarantine, from 0. */
  page: number;
}

/** Reads the state out of a query string. What makes no sense there falls back to the default. */
export function parseQualityState(params: URLSearchParams): QualityState {
  const page = Number(params.get('page') ?? 0);
  return {
    window: parseWindow(params),
    grain: GRAINS.find(name => name === params.get('grain')) ?? null,
    class:
      QUARANTINE_CLASSES.find(name => name === params.get('class')) ?? null,
    reason: params.get('reason') || null,
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
  };
}

/** The shortest query string that gives the state back. */
export function formatQualityState(state: QualityState): URLSearchParams {
  const params = formatWindow(state.window);
  if (state.grain) {
    params.set('grain', state.grain);
  }
  if (state.class) {
    params.set('class', state.class);
  }
  if (state.reason) {
    params.set('reason', state.reason);
  }
  if (state.page > 0) {
    params.set('page', String(state.page));
  }
  return params;
}
