/** What the details of a run say, in the parts that a page shows apart. */
export interface RunDetails {
  models: Array<{ name: string; ms: number | null; rows: number | null }>;
  tests: { passed: number; failed: number; warned: number } | null;
  /** Names of the tests that failed. */
  failures: string[];
  /** Days that were replaced. */
  days: string[];
  /** What is not one of these, by name: texts, numbers, or JSON. */
  rest: Array<{ name: string; text: string }>;
}

/** Takes the details of a run apart. They are the step's own, so every part may be absent or something else. */
export function readRunDetails(details: Record<string, unknown>): RunDetails {
  const { models, tests, failures, replaced, ...rest } = details;
  return {
    models: Array.isArray(models) ? models.flatMap(readModel) : [],
    tests: readTests(tests),
    failures: texts(failures),
    days: texts(replaced),
    rest: Object.entries(rest)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => ({
        name,
        text: typeof value === 'object' ? JSON.stringify(value) : String(value),
      })),
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

const numberOr = (value: unknown): number | null =>
  typeof value === 'number' ? value : null;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readModel(value: unknown): RunDetails['models'] {
  return isObject(value) && typeof value.name === 'string'
    ? [
        {
          name: value.name,
          ms: numberOr(value.ms),
          rows: numberOr(value.rows),
        },
      ]
    : [];
}

function readTests(value: unknown): RunDetails['tests'] {
  if (!isObject(value)) {
    return null;
  }
  const { passed, failed, warned } = value;
  return typeof passed === 'number' && typeof failed === 'number'
    ? { passed, failed, warned: numberOr(warned) ?? 0 }
    : null;
}
