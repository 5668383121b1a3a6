import type {
  NetworkCapabilitiesEntry,
  OrchestratorScrapeData,
} from '@naap/events';
import { ProbeError } from '../ProbeError';

/** What the answers of a target said. */
export interface Findings
  extends Pick<
    OrchestratorScrapeData,
    | 'version'
    | 'health'
    | 'capacity'
    | 'runners_total'
    | 'runners'
    | 'gpus'
    | 'metrics'
  > {
  /** The capability report that a node answered. */
  capabilities: NetworkCapabilitiesEntry[] | null;
}

export function noFindings(): Findings {
  return {
    version: null,
    health: null,
    capacity: { total: null, used: null, available: null },
    runners_total: null,
    runners: [],
    gpus: [],
    metrics: [],
    capabilities: null,
  };
}

/** Adds what a body says. @throws ProbeError `bad_json` when it is not what it should be */
export type Reader = (body: string, found: Findings) => void;

/**
 * A JSON body as the value that `isExpected`.
 *
 * @throws ProbeError `bad_json`
 */
export function parseJson<T>(
  body: string,
  isExpected: (value: unknown) => value is T,
): T {
  try {
    const value: unknown = JSON.parse(body);
    if (isExpected(value)) return value;
  } catch {
    // Reported below, as is JSON of another shape.
  }
  throw new ProbeError('bad_json');
}

export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
