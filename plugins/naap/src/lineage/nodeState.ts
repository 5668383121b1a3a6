import { LineageNode } from '@naap/plugin-naap-common';
import { formatCountOf } from '../lib/format';
import { formatAge } from '../lib/time';

export type NodeHealth = 'ok' | 'failed' | 'unknown';

export interface NodeReading {
  health: NodeHealth;
  /** `ok`, `failed`, `2 tests fail`, `not known`. */
  word: string;
  /** How long ago it was written; null: not known. */
  age: string | null;
  /** `1,204 rows`; null: not known. */
  rows: string | null;
}

/** Where a node stands, in words. */
export function readNode(
  { state }: Pick<LineageNode, 'state'>,
  nowMs: number,
): NodeReading {
  const failing = state?.tests?.failed ?? 0;
  const age = state?.updatedAt
    ? formatAge(nowMs - Date.parse(state.updatedAt))
    : null;
  const rows =
    typeof state?.rows === 'number' ? formatCountOf(state.rows, 'rows') : null;
  if (state?.ok === false) {
    return { health: 'failed', word: 'failed', age, rows };
  }
  if (failing > 0) {
    const word = failing === 1 ? '1 test fails' : `${failing} tests fail`;
    return { health: 'failed', word, age, rows };
  }
  // What was written and has passed its tests is well, also where no run is known.
  return state?.ok || state?.updatedAt
    ? { health: 'ok', word: 'ok', age, rows }
    : { health: 'unknown', word: 'not known', age, rows };
}

/** Whether a node is what somebody looks for. */
export function matches(node: LineageNode, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return (
    wanted !== '' &&
    [node.title, node.id, node.type].some(text =>
      text.toLowerCase().includes(wanted),
    )
  );
}
