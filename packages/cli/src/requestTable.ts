import { formatValue, quantity } from '@naap/plugin-naap-common';
import type { RequestRow } from '@naap/serving';

const value = (of: number | null, unit: 'ms' | 'ratio' | 'fps') =>
  formatValue(of, unit).replaceAll('\u202f', ' ');

/** What a reader looks for in a request first; all of it is in the other formats. */
export function requestRow(row: RequestRow): object {
  return {
    requested: `${row.requested_at.slice(0, 10)} ${row.requested_at.slice(
      11,
      19,
    )}`,
    request: row.request_id,
    orchestrator: row.orchestrator,
    model: row.model,
    gateway: row.gateway,
    outcome: row.reason ? `${row.outcome}: ${row.reason}` : row.outcome,
    'first frame': value(row.ptff_ms, 'ms'),
    E2E: value(row.e2e_ms, 'ms'),
    startup: value(row.startup_ms, 'ms'),
    FPS: row.fps_mean === null ? '–' : quantity(row.fps_mean, 'fps').number,
    jitter: value(row.jitter, 'ratio'),
    swapped: row.swapped ? 'yes' : 'no',
  };
}
