import { AnswerMeta, ServedState, Window } from '@naap/plugin-naap-common';

export type ExportValue = string | number | boolean | null;

/** A table as it leaves the portal: plain values under names of the field, null for "no evidence". */
export interface ExportTable {
  /** Begins the file's name: `orchestrators`. */
  name: string;
  rows: ReadonlyArray<Record<string, ExportValue>>;
  /** How many there are, when more than `rows` holds. */
  total?: number;
}

/** Where the numbers of a table come from; it goes into the file, for the file outlives the page. */
export interface ExportMeta {
  window_from: string | null;
  window_to: string | null;
  window_state: string | null;
  watermark: string | null;
  build_id: string | null;
  simulated: boolean;
}

/** What every answer of the API says about its numbers. */
export function exportMeta(meta: AnswerMeta): ExportMeta {
  return {
    window_from: meta.window.from,
    window_to: meta.window.to,
    window_state: meta.window.state,
    watermark: meta.watermark,
    build_id: meta.build?.id ?? null,
    simulated: meta.simulated,
  };
}

/** The same of an answer that says nothing about itself, as of what is served. */
export function servedMeta(
  served: ServedState | undefined,
  window: Window,
): ExportMeta {
  return {
    window_from: window.from ?? null,
    window_to: window.to ?? null,
    window_state: null,
    watermark: served?.watermark ?? null,
    build_id: served?.build?.id ?? null,
    simulated: served?.simulated ?? false,
  };
}

/** `naap-orchestrators-20260108T21Z-20260109T21Z-at-20260109T204501Z.csv`; times are UTC. */
export function fileName(
  table: ExportTable,
  meta: ExportMeta,
  at: Date,
  extension: 'csv' | 'json',
): string {
  const compact = (iso: string, length: number) =>
    `${new Date(iso)
      .toISOString()
      .replace(/[-:]|\.\d+/g, '')
      .slice(0, length)}Z`;
  const hours = [meta.window_from, meta.window_to].map(iso =>
    iso ? compact(iso, 11) : 'all',
  );
  return `naap-${table.name}-${hours.join('-')}-at-${compact(
    at.toISOString(),
    15,
  )}.${extension}`;
}
