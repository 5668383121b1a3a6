import type { BronzeReader, EventKey, QuarantineKey } from '../BronzeReader';
import type { LakeUnderTest } from './LakeUnderTest';
import { acceptedRow, type LogAppend } from './logRows';

const T0 = Date.parse('2026-01-09T10:00:00.000Z');
const WINDOW = {
  from: '2026-01-09T00:00:00.000Z',
  to: '2026-01-10T00:00:00.000Z',
};
const ODD_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

function message(id: string, stream_id = 's1', request_id = 'r1'): string {
  // A character of two UTF-16 units and spaces, before and after `data`.
  return `{ "note":"🎥é", "id":"${id}","type":"stream_trace","data":${JSON.stringify(
    { stream_id, request_id, text: '日本' },
  )} , "timestamp":"1" }`;
}

const NO_FACTS = {
  state: null,
  fps: null,
  inputFps: null,
  message: null,
  orchUri: null,
  startTime: null,
  lastOutputTime: null,
  timestamp: null,
  lastStateUpdateTime: null,
};

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/**
 * What every `BronzeReader` keeps: the answers are of the messages that came in, whatever engine finds them.
 *
 * @param open - a new lake; who opens it closes it
 */
export function bronzeReaderContract(open: () => Promise<LakeUnderTest>): void {
  async function lakeWith(appends: LogAppend[]): Promise<BronzeReader> {
    const { reader, append } = await open();
    await append(appends);
    return reader;
  }

  describe('a lake that nothing was written to', () => {
    it('is empty, before and after the first commit', async () => {
      const { reader, append } = await open();
      const answers = () =>
        Promise.all([
          reader.rawEvents({ requestId: 'r1', ...WINDOW, limit: 10 }),
          reader.quarantine({ limit: 10, offset: 0 }),
        ]);
      const empty = [
        { rows: [], more: false },
        { total: 0, rows: [], more: false },
      ];
      expect(await answers()).toEqual(empty);
      await append([]);
      expect(await answers()).toEqual(empty);
    });
  });

  describe('rawEvents', () => {
    let reader: BronzeReader;
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
      const { rows: events } = await reader.rawEvents({
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
        topic: 'network_events',
        partition: 0,
        offset: 0,
        ingested_at: '2026-01-09T10:00:09.000Z',
        source: 'file',
        raw: message('b'),
        raw_length: Buffer.byteLength(message('b')),
        facts: NO_FACTS,
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
        ).rows.map(event => event.event_id);
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
      ).resolves.toEqual({ rows: [], more: false });
      await expect(
        reader.rawEvents({ requestId: 'r1', ...WINDOW, to: 'noon', limit: 9 }),
      ).rejects.toThrow("'to' must be an ISO 8601 time, not 'noon'");
    });
  });

  describe('long messages', () => {
    const LONG = 'é'.repeat(400_000);
    const status = (data: object) =>
      JSON.stringify({
        id: 'x',
        type: 'ai_stream_status',
        data: { stream_id: 's1', request_id: 'r1', ...data },
        timestamp: '1',
      });
    const sent = [
      status({
        state: 'ONLINE',
        inference_status: { fps: 12.5, last_output_time: '1767952800' },
        input_status: { fps: 'fast' },
        start_time: 1767952800000,
        orchestrator_info: { url: 'https://orch:8935' },
        message: LONG,
      }),
      // Over a megabyte: of that no facts are read.
      status({ state: 'ONLINE', text: LONG + LONG }),
      status({ state: { deep: LONG }, message: null }),
      '{"id":"y","type":"stream_trace","data":{"request_id":"r1","message":"\\ud800","a":1}}',
    ];
    let reader: BronzeReader;
    beforeAll(async () => {
      reader = await lakeWith([
        {
          receivedAt: T0,
          rows: [
            ...sent.map((raw, i) => acceptedRow(raw, { at: T0 + i })),
            {
              class: 'rejected',
              reason: 'not_json',
              raw: base64(new Uint8Array(3_000_000).fill(120)),
            },
          ],
        },
      ]);
    });

    it('are shown by their first kilobyte and their length, with what they say', async () => {
      const { rows } = await reader.rawEvents({
        requestId: 'r1',
        ...WINDOW,
        limit: 10,
      });
      expect(rows.map(row => row.raw_length)).toEqual(
        sent.map(text => Buffer.byteLength(text)),
      );
      for (const [i, { raw }] of rows.entries()) {
        expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(1024);
        expect(Buffer.byteLength(raw)).toBeGreaterThan(
          Math.min(1022, Buffer.byteLength(sent[i]) - 1),
        );
        expect(sent[i].startsWith(raw)).toBe(true);
      }
      expect(rows[0].facts).toEqual({
        ...NO_FACTS,
        state: 'ONLINE',
        fps: 12.5,
        inputFps: 'fast',
        message: 'é'.repeat(512),
        orchUri: 'https://orch:8935',
        startTime: 1767952800000,
        lastOutputTime: '1767952800',
      });
      expect(rows.slice(1).map(({ facts }) => facts)).toEqual([
        NO_FACTS,
        NO_FACTS,
        // Half of a character pair is no text; the build says so too.
        NO_FACTS,
      ]);
      const { rows: quarantined } = await reader.quarantine({
        limit: 10,
        offset: 0,
      });
      expect(quarantined[0]).toMatchObject({ raw_length: 3_000_000 });
      expect(quarantined[0].raw).toHaveLength(1024);
    });

    it('are given whole one by one', async () => {
      const place = (offset: number) =>
        reader.message({ topic: 'network_events', partition: 0, offset });
      for (const [i, text] of sent.entries()) {
        const bytes = await place(i);
        expect(Buffer.from(bytes!).toString()).toBe(text);
      }
      expect(await place(4)).toHaveLength(3_000_000);
      expect(await place(99)).toBeNull();
    });
  });

  it('gives the events and messages of all pages as of one', async () => {
    const at = (i: number) => T0 + (i % 3);
    const reader = await lakeWith([
      {
        receivedAt: T0,
        rows: Array.from({ length: 20 }, (_, i) => [
          acceptedRow(message(`m${i % 7}`), {
            at: at(i),
            ...(i % 5 === 0 ? { event_id: null } : {}),
          }),
          {
            class: 'rejected' as const,
            reason: 'not_json',
            raw: btoa(String(i)),
          },
        ]).flat(),
      },
    ]);
    const events = (limit: number, after?: EventKey) =>
      reader.rawEvents({ requestId: 'r1', ...WINDOW, limit, after });
    const quarantined = (limit: number, after?: QuarantineKey) =>
      reader.quarantine({ limit, offset: 0, after });
    const allEvents = (await events(100)).rows;
    const allQuarantined = (await quarantined(100)).rows;
    expect([allEvents.length, allQuarantined.length]).toEqual([20, 20]);
    for (const limit of [1, 3, 20]) {
      const pages: typeof allEvents = [];
      let after: EventKey | undefined;
      for (let more = true; more; ) {
        const page = await events(limit, after);
        pages.push(...page.rows);
        const last = page.rows[page.rows.length - 1];
        after = [
          Date.parse(last.envelope_time),
          last.event_id,
          last.topic,
          last.partition,
          last.offset,
        ];
        ({ more } = page);
      }
      expect(pages).toEqual(allEvents);
    }
    const found: typeof allQuarantined = [];
    let after: QuarantineKey | undefined;
    for (let more = true; more; ) {
      const page = await quarantined(7, after);
      found.push(...page.rows);
      const last = page.rows[page.rows.length - 1];
      after = [
        Date.parse(last.seen_at),
        last.topic,
        last.partition,
        last.offset,
      ];
      ({ more } = page);
    }
    expect(found).toEqual(allQuarantined);
  });

  it('sees a new commit at the next question, and compacting changes nothing', async () => {
    const { reader, append, compact } = await open();
    const ids = async () => {
      const query = { requestId: 'r1', ...WINDOW, limit: 10 };
      const { rows } = await reader.rawEvents(query);
      return rows.map(row => row.event_id);
    };
    const event = (id: string) => ({
      receivedAt: T0,
      rows: [acceptedRow(message(id), { at: T0 })],
    });
    await append([event('a')]);
    expect(await ids()).toEqual(['a']);
    await append([event('b')]);
    expect(await ids()).toEqual(['a', 'b']);
    await compact();
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('tells messages at one offset of two partitions apart', async () => {
    const { reader, append } = await open();
    const bytes = (text: string) => Buffer.from(text).toString('base64');
    const rows = (name: string, at: number) => [
      acceptedRow(message(name), { at }),
      { class: 'rejected' as const, reason: 'not_json', raw: bytes(name) },
    ];
    await append([{ receivedAt: T0, rows: rows('here', T0) }]);
    await append([{ receivedAt: T0 + 1, rows: rows('there', T0 + 1) }], 1);
    const query = { requestId: 'r1', ...WINDOW };
    const events = await reader.rawEvents({ ...query, limit: 1 });
    expect(events.rows.map(row => row.event_id)).toEqual(['here']);
    expect(events.more).toBe(true);
    const both = await reader.rawEvents({ ...query, limit: 2 });
    expect(both.rows.map(row => [row.partition, row.offset])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    const quarantined = await reader.quarantine({ limit: 1, offset: 0 });
    expect(quarantined.total).toBe(2);
    expect(
      quarantined.rows.map(row => Buffer.from(row.raw).toString()),
    ).toEqual(['there']);
    const place = { topic: 'network_events', partition: 1, offset: 0 };
    expect(Buffer.from((await reader.message(place))!).toString()).toBe(
      message('there'),
    );
    expect(await reader.sources()).toEqual(['file']);
  });

  describe('quarantine', () => {
    let reader: BronzeReader;
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
          topic: 'network_events',
          partition: 0,
          seen_at: '2026-01-09T10:01:00.000Z',
          offset: 3,
          source: 'file',
        },
        {
          class: 'ignored',
          reason: 'unsupported_type',
          raw_length: 2,
          raw_sha256: null,
          topic: 'network_events',
          partition: 0,
          seen_at: '2026-01-09T10:00:00.000Z',
          offset: 1,
          source: 'file',
        },
        {
          class: 'rejected',
          reason: 'not_json',
          raw_length: ODD_BYTES.length,
          raw_sha256: null,
          topic: 'network_events',
          partition: 0,
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
}
