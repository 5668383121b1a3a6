import assert from 'node:assert/strict';

/** Questions whose answers are the same in both profiles. */
const QUESTIONS = [
  ['requests', '--format', 'json'],
  ['kpis', '--by', 'orchestrator,model', '--format', 'json'],
  ['kpis', '--by', 'hour,gateway', '--format', 'json'],
];

interface Asked {
  json<T>(args: string[]): Promise<T>;
}

/** Engines add floats in different orders. */
const rounded = (row: object) =>
  JSON.stringify(row, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );

/** Fails unless two platforms answer every question alike, by the real command, and with something. */
export async function sameAnswers(one: Asked, other: Asked): Promise<void> {
  for (const question of QUESTIONS) {
    const [here, there] = await Promise.all(
      [one, other].map(of => of.json<object[]>(question)),
    );
    assert.ok(here.length > 0, question.join(' '));
    assert.deepEqual(there.map(rounded), here.map(rounded));
  }
}
