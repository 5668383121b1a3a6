import {
  acceptedRow,
  Homes,
  type LogAppend,
  writeLog,
} from './__testUtils__/homes';
import { LakeCommitter } from './LakeCommitter';
import { LakeReader } from './LakeReader';
import { LakeWorker } from './LakeWorker';

jest.setTimeout(120_000);

const T0 = Date.parse('2026-01-09T10:00:00.000Z');
const WINDOW = {
  from: '2026-01-09T00:00:00.000Z',
  to: '2026-01-10T00:00:00.000Z',
};
const ODD_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

const homes = new Homes();
const worker = new LakeWorker();
const readers: LakeReader[] = [];

afterAll(async () => {
  await Promise.all(readers.map(reader => reader.close()));
  await worker.stop();
  homes.removeAll();
});

function readerOf(home: string): LakeReader {
  const reader = new LakeReader(home);
  readers.push(reader);
  return reader;
}

async function lakeWith(appends: LogAppend[]): Promise<LakeReader> {
  const home = homes.create();
  writeLog(home, appends);
  await new LakeCommitter(home, worker).commit();
  return readerOf(home);
}

function message(id: string, stream_id = 's1', request_id = 'r1'): string {
  // A character of two UTF-16 units and spaces, before and after `data`.
  return `{ "note":"🎥é", "id":"${id}","type":"stream_trace","data":${JSON.stringify(
    { stream_id, request_id, text: '日本' },
  )} , "timestamp":"1" }`;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('a home without a lake', () => {
  it('is empty, before and after the first commit', async () => {
    const home = homes.create();
    const reader = readerOf(home);
    const answers = () =>
      Promise.all([
        reader.rawEvents({ requestId: 'r1', ...WINDOW, limit: 10 }),
        reader.quarantine({ limit: 10, offset: 0 }),
        reader.batchTotals(),
      ]);
    const empty = [
      [],
      { total: 0, rows: [] },
      {
        total: {
          read: 0,
          accepted: 0,
          ignored: 0,
          rejected: 0,
          duplicate: 0,
          reasons: {},
        },
        hours: [],
      },
    ];
    expect(await answers()).toEqual(empty);
    await new LakeCommitter(home, worker).commit();
    expect(await answers()).toEqual(empty);
  });
});

describe('rawEvents', () => {
  let reader: LakeReader;
  beforeAll(async () => {
    reader = await lakeWith([
      {
        receivedAt: T0 + 9000,
        rows: [
          acceptedRow(message('b'), { at: T0 + 2, gateway: 'gw' }),
          acceptedRow(message('c'), { at: T0 + 1 }),
          acceptedRow(message('a'), { at: T0 + 2 }),
          acceptedRow(message('d', 's2'), { at: T0 }),
          acceptedRow(message('e', ''), { at: T0 + 3, stream_id: null }),
          acceptedRow(message('f', 's1', 'r2'), { at: T0 }),
          {
            ...acceptedRow(message('g'), { at: T0 + 4 }),
            envelope: message('g'),
            data_at: null,
          },
          acceptedRow(message('next day'), { at: T0 + 86_400_000 }),
        ],
      },
    ]);
  });

  it('gives the messages byte for byte, by envelope timestamp, then id', async () => {
    const events = await reader.rawEvents({
      requestId: 'r1',
      streamId: 's1',
      ...WINDOW,
      limit: 100,
    });
    expect(events.map(event => event.raw)).toEqual([
      message('c'),
      message('a'),
      message('b'),
      message('e', ''),
      message('g'),
    ]);
    expect(events[2]).toEqual({
      event_id: 'b',
      type: 'stream_trace',
      subtype: null,
      event_time: '2026-01-09T10:00:00.002Z',
      envelope_time: '2026-01-09T10:00:00.002Z',
      gateway: 'gw',
      stream_id: 's1',
      request_id: 'r1',
      offset: 0,
      ingested_at: '2026-01-09T10:00:09.000Z',
      source: 'file',
      raw: message('b'),
    });
  });

  it('leaves other streams out only when asked, and honours window and limit', async () => {
    const ids = async (query: object) =>
      (
        await reader.rawEvents({
          requestId: 'r1',
          ...WINDOW,
          limit: 100,
          ...query,
        })
      ).map(event => event.event_id);
    expect(await ids({})).toEqual(['d', 'c', 'a', 'b', 'e', 'g']);
    expect(await ids({ limit: 2 })).toEqual(['d', 'c']);
    expect(
      await ids({
        from: '2026-01-09T10:00:00.001Z',
        to: '2026-01-09T10:00:00.002Z',
      }),
    ).toEqual(['c']);
  });

  it('takes text as data and refuses what is no time', async () => {
    await expect(
      reader.rawEvents({ requestId: "r1' OR '1'='1", ...WINDOW, limit: 9 }),
    ).resolves.toEqual([]);
    await expect(
      reader.rawEvents({ requestId: 'r1', ...WINDOW, to: 'noon', limit: 9 }),
    ).rejects.toThrow("'to' must be an ISO 8601 time, not 'noon'");
  });
});

it('sees a new commit at the next query', async () => {
  const home = homes.create();
  const reader = readerOf(home);
  const committer = new LakeCommitter(home, worker);
  const query = { requestId: 'r1', ...WINDOW, limit: 10 };
  const first = {
    receivedAt: T0,
    rows: [acceptedRow(message('a'), { at: T0 })],
  };
  writeLog(home, [first]);
  await expect(committer.commit()).resolves.toMatchObject({
    committed: { events: 1, quarantine: 0, batches: 1 },
    nextOffset: 2,
  });
  expect(await reader.rawEvents(query)).toHaveLength(1);
  writeLog(home, [
    first,
    { receivedAt: T0, rows: [acceptedRow(message('b'), { at: T0 })] },
  ]);
  await committer.commit();
  expect(await reader.rawEvents(query)).toHaveLength(2);
  await committer.maintain();
  expect(await reader.rawEvents(query)).toHaveLength(2);
});

describe('quarantine', () => {
  let reader: LakeReader;
  beforeAll(async () => {
    reader = await lakeWith([
      {
        receivedAt: T0,
        rows: [
          { class: 'rejected', reason: 'not_json', raw: base64(ODD_BYTES) },
          { class: 'ignored', reason: 'unsupported_type', raw: btoa('{}') },
        ],
      },
      {
        receivedAt: T0 + 60_000,
        rows: [
          {
            class: 'rejected',
            reason: 'too_large',
            raw: btoa('half'),
            raw_length: 2 ** 33,
            raw_sha256: 'ab'.repeat(32),
          },
        ],
      },
    ]);
  });

  it('gives every message as it is kept, newest first', async () => {
    const { total, rows } = await reader.quarantine({ limit: 10, offset: 0 });
    expect(total).toBe(3);
    expect(rows.map(({ raw, ...row }) => row)).toEqual([
      {
        class: 'rejected',
        reason: 'too_large',
        raw_length: 2 ** 33,
        raw_sha256: 'ab'.repeat(32),
        seen_at: '2026-01-09T10:01:00.000Z',
        offset: 3,
        source: 'file',
      },
      {
        class: 'ignored',
        reason: 'unsupported_type',
        raw_length: 2,
        raw_sha256: null,
        seen_at: '2026-01-09T10:00:00.000Z',
        offset: 1,
        source: 'file',
      },
      {
        class: 'rejected',
        reason: 'not_json',
        raw_length: ODD_BYTES.length,
        raw_sha256: null,
        seen_at: '2026-01-09T10:00:00.000Z',
        offset: 0,
        source: 'file',
      },
    ]);
    expect(Uint8Array.from(rows[2].raw)).toEqual(ODD_BYTES);
  });

  it('filters and pages, and counts what matches', async () => {
    const offsets = async (query: object) => {
      const { total, rows } = await reader.quarantine({
        limit: 10,
        offset: 0,
        ...query,
      });
      return [total, rows.map(row => row.offset)];
    };
    expect(await offsets({ class: 'ignored' })).toEqual([1, [1]]);
    expect(await offsets({ reason: 'not_json' })).toEqual([1, [0]]);
    expect(await offsets({ limit: 1, offset: 1 })).toEqual([3, [1]]);
    expect(await offsets({ offset: 5 })).toEqual([3, []]);
    expect(await offsets({ to: '2026-01-09T10:01:00.000Z' })).toEqual([
      2,
      [1, 0],
    ]);
  });
});

describe('batchTotals', () => {
  it('adds the class counts up, in all and by hour', async () => {
    const rejected = {
      class: 'rejected',
      reason: 'not_json',
      raw: '',
    } as const;
    const reader = await lakeWith([
      {
        receivedAt: T0,
        rows: [acceptedRow(message('a'), { at: T0 }), rejected, rejected],
      },
      {
        receivedAt: T0 + 1,
        rows: [{ class: 'ignored', reason: 'unsupported_type', raw: '' }],
      },
      {
        receivedAt: T0 + 2 * 3_600_000,
        rows: [
          { ...acceptedRow(message('a'), { at: T0 }), class: 'duplicate' },
        ],
      },
    ]);
    const morning = {
      read: 4,
      accepted: 1,
      ignored: 1,
      rejected: 2,
      duplicate: 0,
      reasons: { not_json: 2, unsupported_type: 1 },
    };
    const noon = {
      read: 1,
      accepted: 0,
      ignored: 0,
      rejected: 0,
      duplicate: 1,
      reasons: {},
    };
    expect(await reader.batchTotals()).toEqual({
      total: { ...morning, read: 5, duplicate: 1 },
      hours: [
        { hour: '2026-01-09T10:00:00.000Z', ...morning },
        { hour: '2026-01-09T12:00:00.000Z', ...noon },
      ],
    });
    expect(
      await reader.batchTotals({ from: '2026-01-09T11:00:00.000Z' }),
    ).toEqual({
      total: noon,
      hours: [{ hour: '2026-01-09T12:00:00.000Z', ...noon }],
    });
  });
});
