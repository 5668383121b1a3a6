import { classify, splice } from '@naap/events';
import {
  Binary,
  DataType,
  Float64,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { paymentOf, temporaryHomes } from '../eventlog/__fixtures__/homes';
import { judge } from './judge';
import type { Piece } from './ReplayLake';

const newHome = temporaryHomes();
const NOON = Date.UTC(2026, 0, 9, 12);

function typeOf(value: unknown): DataType {
  if (Buffer.isBuffer(value)) return new Binary();
  return typeof value === 'number' ? new Float64() : new Utf8();
}

function pieceOf(
  table: Piece['table'],
  rows: Array<Record<string, unknown>>,
): Piece {
  const path = join(newHome(), 'piece.arrow');
  const columns = Object.keys(rows[0]).map(name => {
    const values = rows.map(row => row[name]);
    const type = typeOf(values.find(value => value !== null));
    return [name, vectorFromArray(values, type)];
  });
  writeFileSync(
    path,
    tableToIPC(new Table(Object.fromEntries(columns)), 'file'),
  );
  return { path, table, rows: rows.length };
}

/** The row of bronze.events that a message has. */
function eventOf(raw: string) {
  const verdict = classify(raw, NOON);
  if (verdict.class !== 'accepted') throw new Error(verdict.reason);
  return { ...verdict.event, ingested_at: NOON };
}

it('says nothing of messages that are what they were', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, text, fc.boolean()), { minLength: 1 }),
      async messages => {
        const rows = messages.map(([id, name, asText]) => {
          const data = { requestID: name };
          return eventOf(
            paymentOf(`i${id}`, {
              gateway: 'gw',
              data: asText ? JSON.stringify(data) : data,
            }),
          );
        });
        expect(await judge(pieceOf('events', rows))).toEqual([]);
      },
    ),
    { numRuns: 10 },
  );
});

it('says what messages came to that are not what they were', async () => {
  const good = eventOf(paymentOf('a'));
  const { data } = good;
  const twice = { ...good, data: data.replace('{', '{"requestID":"x",') };
  const otherId = { ...good, event_id: 'b' };
  expect(await judge(pieceOf('events', [good, twice, otherId]))).toEqual([
    { at: 1, class: 'rejected', reason: 'repeated_name' },
    {
      at: 2,
      class: 'accepted',
      event: expect.objectContaining({ event_id: 'a', data }),
    },
  ]);

  const row = (message: string, reason: string, seen_at = NOON) => ({
    class: 'rejected',
    reason,
    raw: Buffer.from(message),
    seen_at,
  });
  const verdicts = await judge(
    pieceOf('quarantine', [
      row('junk', 'not_json'),
      row(JSON.stringify({ payload: paymentOf('c') }), 'missing_type'),
      row('{}', 'schema'),
      // At the time at which it came in, and not now.
      row(paymentOf('d'), 'bad_timestamp', NOON - 2 * 24 * 3_600_000),
    ]),
  );
  expect(verdicts.map(({ at, ...rest }) => [at, rest.class])).toEqual([
    [1, 'accepted'],
    [2, 'rejected'],
  ]);
  const [wrapped] = verdicts;
  expect(
    wrapped.class === 'accepted' &&
      splice(wrapped.event.envelope, wrapped.event.data, wrapped.event.data_at),
  ).toBe(paymentOf('c'));
});
