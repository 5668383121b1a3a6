/**
 * Builds on Trino, many of them: every table of silver and gold is row by row what DuckDB makes of the same messages, in full and in
 * shuffled parts, and the builder keeps to its contract.
 *
 *     node --test e2e/trinoBuilds.e2e.ts
 *
 * A Docker engine has to answer; `./naap test trinoBuilds` starts one.
 */
import { after, before, test } from 'node:test';
import { Stack } from './stack.ts';

let stack: Stack;
before(async () => {
  stack = await Stack.up('hive');
  // They would build too.
  await stack.stop('portal', 'dbt-runner');
});
after(() => stack?.down());

test('are those of DuckDB', () => stack.passesPython('test_trino_build.py'));

test('are as every builder makes them', () =>
  stack.passesJest('lakehouse/src/dbt/'));
