import { EventLog, ingestStream } from '@naap/ingestion';
import { writeOldLog } from '@naap/ingestion/testing';
import { LakeReplay, needsReplay, openLake } from '@naap/lakehouse';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { bringUpToDate, replayHome } from './replayHome';

const NOON = Date.UTC(2026, 0, 9, 12);
const ROOT = resolve(__dirname, '../../../../..');

const homes: string[] = [];
afterAll(() => homes.forEach(home => rmSync(home, { recursive: true })));

const envelopeOf = (id: string, type: string) =>
  `{"id":"${id}","type":"${type}","timestamp":"${NOON}","gateway":"gw","data":`;
const traceOf = (id: string, more = '') =>
  `${envelopeOf(
    id,
    'stream_trace',
  )}{"type":"gateway_receive_stream_request","request_id":"aaaaaaaa","stream_id":"s"${more}}}`;
const reportOf = (id: string, ...entries: object[]) =>
  `${envelopeOf(id, 'network_capabilities')}${JSON.stringify(entries)}}`;

const KEPT = traceOf('kept');
const TWICE = traceOf('twice', ',"stream_id":"t"');
const FORWARDED = reportOf('forwarded', {
  address: '0x1',
  orchestrator_info: { address: '0x2' },
});
const BLANK = reportOf('blank', { address: '' }, { address: '0x1' });
const WRAPPED = JSON.stringify({
  topic: 'network_events',
  ts: NOON,
  payload: traceOf('wrapped'),
});
const JUNK = 'no json';

const accepted = (raw: string) => ({ class: 'accepted' as const, raw });
const rejected = (
  raw: string,
  reason: 'schema' | 'missing_type' | 'not_json',
) => ({ class: 'rejected' as const, raw, reason });

/** A home as the version before left it. */
function oldHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'naap-old-home-'));
  homes.push(home);
  writeOldLog(home, [
    {
      receivedAt: NOON,
      messages: [accepted(KEPT), accepted(TWICE), rejected(BLANK, 'schema')],
    },
    {
      receivedAt: NOON + 3_600_000,
      messages: [
        accepted(FORWARDED),
        rejected(WRAPPED, 'missing_type'),
        rejected(JUNK, 'not_json'),
      ],
    },
  ]);
  const tools = process.env.NAAP_TOOLS ?? resolve(ROOT, '.tools');
  execFileSync(process.env.NAAP_PYTHON ?? join(tools, 'venv/bin/python'), [
    join(ROOT, 'packages/lakehouse/python/tests/old_home.py'),
    home,
  ]);
  return home;
}

async function contents(home: string) {
  const { reader } = openLake(home);
  try {
    const { rows } = await reader.quarantine({ limit: 100, offset: 0 });
    const events = await Promise.all(
      [0, 1, 2, 4, 5, 6, 8, 9, 10, 11].map(async offset => {
        const raw = await reader.message({
          topic: 'network_events',
          partition: 0,
          offset,
        });
        const isKept = rows.every(row => row.offset !== offset);
        return raw && isKept ? [offset, Buffer.from(raw).toString()] : null;
      }),
    );
    return {
      events: events.filter(event => event !== null),
      quarantine: rows
        .map(row => [row.offset, row.reason, Buffer.from(row.raw).toString()])
        .reverse(),
    };
  } finally {
    await reader.close();
  }
}

async function ingest(home: string, ...messages: string[]) {
  const log = await EventLog.open(home);
  try {
    return await ingestStream(
      Readable.from(messages.map(message => Buffer.from(`${message}\n`))),
      log,
      'file',
      { format: 'lines', receivedAt: NOON + 7_200_000 },
    );
  } finally {
    await log.close();
  }
}

it('brings a home of the version before to this one, with everything in it', async () => {
  const home = oldHome();
  const said: string[] = [];
  expect(await needsReplay(home, 2)).toBe(true);
  await bringUpToDate(home, message => said.push(message));

  expect(await contents(home)).toEqual({
    events: [
      [0, KEPT],
      [2, BLANK],
      [5, traceOf('wrapped')],
    ],
    quarantine: [
      [1, 'repeated_name', TWICE],
      [4, 'forwarded', FORWARDED],
      [6, 'not_json', JUNK],
    ],
  });
  expect(said.at(-1)).toContain('4 messages are judged otherwise now');
  expect(existsSync(join(home, 'warehouse', 'full-build'))).toBe(true);

  // What is in is a duplicate; what went out stands in nobody's way.
  expect(
    await ingest(home, KEPT, BLANK, WRAPPED, traceOf('twice'), TWICE, JUNK),
  ).toMatchObject({ accepted: 1, duplicate: 3, rejected: 2 });

  // It is of this version now.
  expect(await needsReplay(home, 2)).toBe(false);
  const before = await contents(home);
  expect((await replayHome(home, {}, () => {})).judged).toBe(0);
  expect((await contents(home)).events).toEqual([
    ...before.events,
    [expect.any(Number), traceOf('twice')],
  ]);
}, 600_000);

it.each([
  ['decided', LakeReplay.prototype, 'apply'],
  ['in the tables', EventLog.prototype, 'reindex'],
  ['in the index', LakeReplay.prototype, 'done'],
] as const)(
  'goes on where it was cut off: %s',
  async (_, owner: object, method) => {
    const home = oldHome();
    const cut = new Error('cut off');
    const original = Reflect.get(owner, method);
    let calls = 0;
    jest
      .spyOn(owner, method as never)
      .mockImplementation(function call(this: unknown, ...args: unknown[]) {
        // The first of `apply` finds nothing of before.
        if (++calls === (method === 'apply' ? 2 : 1)) throw cut;
        return original.apply(this, args);
      } as never);
    await expect(bringUpToDate(home, () => {})).rejects.toThrow('cut off');
    jest.restoreAllMocks();

    expect(await needsReplay(home, 2)).toBe(true);
    await bringUpToDate(home, () => {});
    const { events, quarantine } = await contents(home);
    expect(events).toHaveLength(3);
    expect(quarantine).toHaveLength(3);
    expect(
      await ingest(home, KEPT, BLANK, WRAPPED, traceOf('twice'), TWICE),
    ).toMatchObject({ accepted: 1, duplicate: 3, rejected: 1 });
  },
  600_000,
);

it('needs nothing where there is nothing', async () => {
  const home = mkdtempSync(join(tmpdir(), 'naap-old-home-'));
  homes.push(home);
  expect(await needsReplay(home, 2)).toBe(false);
});
