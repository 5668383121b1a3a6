import { hintOf } from './ingest';

it('says which shapes are known when something had none of them', () => {
  const hint = hintOf({ reasons: { not_json: 2, missing_type: 1, schema: 4 } });
  expect(hint).toMatch(/^3 of them are no messages; what is read is NDJSON/);
  expect(hintOf({ reasons: { schema: 4 } })).toBe('');
});
