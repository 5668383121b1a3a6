import { cut } from '../../message';
import { toRecord } from '../cutRecord';
import { sourceHeader } from '../sourceHeader';
import { type GateBatch, gateBatches, type SourceRecord } from './rows';

const event = (id: string, pad = '') =>
  Buffer.from(
    JSON.stringify({
      id,
      type: 'stream_trace',
      timestamp: String(Date.now()),
      data: { type: 'gateway_receive_stream_request', request_id: 'r', pad },
    }),
  );

async function batchesOf(records: SourceRecord[], next: bigint) {
  const batches: GateBatch[] = [];
  for await (const one of gateBatches('t', 3, records, next)) batches.push(one);
  return batches;
}

const read = (row: Buffer) => JSON.parse(row.toString());

describe('gateBatches', () => {
  it('keeps who brought a message, and counts each of them by itself', async () => {
    const of = (offset: number, headers?: SourceRecord['headers']) => ({
      offset: `${offset}`,
      value: event(`e${offset}`),
      headers,
    });
    const batches = await batchesOf(
      [
        of(0),
        of(1, sourceHeader('sea')),
        of(2, sourceHeader('sea')),
        of(3, sourceHeader("no name'; --")),
      ],
      4n,
    );
    expect(
      batches.map(({ batch, events }) => [
        read(batch).source,
        read(batch).read,
        read(batch).source_offset,
        read(batch).source_next_offset,
        ...events.map(row => read(row).source),
      ]),
    ).toEqual([
      ['kafka', 1, 0, 1, 'kafka'],
      ['sea', 2, 1, 3, 'sea', 'sea'],
      ['kafka', 1, 3, 4, 'kafka'],
    ]);
  });

  it('gives rows as bronze has them, and their counts', async () => {
    const [batch] = await batchesOf(
      [
        { offset: '7', value: event('a') },
        { offset: '9', value: null },
        {
          offset: '10',
          value: Buffer.from('{"type":"other","timestamp":"1","data":{}}'),
        },
      ],
      13n,
    );
    expect(read(batch.events[0])).toMatchObject({
      event_id: 'a',
      type: 'stream_trace',
      request_id: 'r',
      stream_id: null,
      ingested_at: batch.receivedAt,
      source: 'kafka',
      source_topic: 't',
      source_partition: 3,
      source_offset: 7,
    });
    expect(batch.quarantine.map(read)).toMatchObject([
      {
        class: 'rejected',
        reason: 'not_json',
        raw: '',
        raw_length: 0,
        source_offset: 9,
      },
      { class: expect.any(String), source_offset: 10 },
    ]);
    expect(read(batch.batch)).toMatchObject({
      read: 3,
      accepted: 1,
      duplicate: 0,
      source_offset: 7,
      source_next_offset: 13,
    });
    expect(batch.nextOffset).toBe(13n);
  });

  it('keeps every digit of an offset', async () => {
    const offset = String(2n ** 60n + 1n);
    const [batch] = await batchesOf(
      [{ offset, value: event('a') }],
      2n ** 60n + 2n,
    );
    expect(batch.events[0].toString()).toContain(`"source_offset":${offset}}`);
  });

  it('begins another batch when one is large, where the last one ended', async () => {
    const pad = 'x'.repeat(512 * 1024);
    const records = Array.from({ length: 20 }, (_, i) => ({
      offset: String(2 * i),
      value: event(`${i}`, pad),
    }));
    const batches = await batchesOf(records, 50n);
    expect(batches.length).toBeGreaterThan(1);
    const places = batches.map(({ batch }) => read(batch));
    for (const [i, place] of places.entries()) {
      expect(place.source_next_offset).toBe(places[i + 1]?.source_offset ?? 50);
    }
    expect(batches.flatMap(({ events }) => events)).toHaveLength(20);
    for (const { events } of batches) {
      const bytes = events.reduce((sum, row) => sum + row.length, 0);
      expect(bytes).toBeLessThan(8 * 1024 * 1024);
    }
  });

  it('keeps of a message that is too large its beginning, length and hash', async () => {
    const value = Buffer.alloc(2 * 1024 * 1024, 'x');
    const [batch] = await batchesOf([{ offset: '0', value }], 1n);
    const row = read(batch.quarantine[0]);
    expect(row).toMatchObject({
      reason: 'too_large',
      raw_length: value.length,
    });
    expect(row.raw_sha256).toHaveLength(64);
    expect(Buffer.from(row.raw, 'base64')).toHaveLength(64 * 1024);
  });

  it('knows a message that was cut before it was sent', async () => {
    const message = cut(Buffer.alloc(9 * 1024 * 1024, 'x'));
    const record = { offset: '0', ...toRecord(message) };
    const [batch] = await batchesOf([record], 1n);
    expect(read(batch.quarantine[0])).toMatchObject({
      reason: 'too_large',
      raw_length: message.length,
      raw_sha256: message.sha256,
    });
  });
});
