import { KpiFilters } from './contract';
import { conditions } from './conditions';

const ALWAYS = { from: null, to: null };

it('binds every value: texts never become part of the statement', () => {
  const evil = "x' OR 1=1 -- \\";
  const { sql, parameters } = conditions(ALWAYS, { model: [evil] });
  expect(sql).toBe('(model IN {model:Array(String)})');
  expect(parameters).toEqual({ model: [evil] });
});

it('null in a list matches rows without a value, for a gateway the empty name', () => {
  expect(conditions(ALWAYS, { gpu: ['a', null], gateway: [null] })).toEqual({
    sql: "(gateway IN {gateway:Array(String)} OR gateway = '') AND (gpu IN {gpu:Array(String)} OR gpu IS NULL)",
    parameters: { gpu: ['a'], gateway: [] },
  });
});

it('is true without window and filters', () => {
  expect(conditions(ALWAYS)).toEqual({ sql: '1', parameters: {} });
});

it('rejects unknown filters and lists without a value', () => {
  expect(() =>
    conditions(ALWAYS, { 'model; DROP TABLE x': ['a'] } as KpiFilters),
  ).toThrow('There is no filter "model; DROP TABLE x"; there are orchestrator');
  expect(() => conditions(ALWAYS, { model: [] })).toThrow(
    'Filter model lists no value',
  );
});
