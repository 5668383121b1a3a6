import { EventLog } from '@naap/ingestion';
import type { Append } from '@naap/plugin-naap-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { LogSink } from './LogSink';

const NOW = Date.now();
const event = (id: string) =>
  JSON.stringify({
    id,
    type: 'stream_trace',
    timestamp: String(NOW),
    data: {
      type: 'gateway_receive_stream_request',
      request_id: 'r1',
      stream_id: 's1',
    },
  });
const lines = (...messages: string[]) =>
  Readable.from([Buffer.from(`${messages.join('\n')}\n`)]);

describe('LogSink', () => {
  let home: string;
  let log: EventLog;
  let sink: LogSink;
  let appends: Append[];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-sink-'));
    log = await EventLog.open(home);
    sink = new LogSink(log);
    appends = [];
    sink.onAppend(append => appends.push(append));
  });

  afterEach(async () => {
    await log.close();
    await rm(home, { recursive: true });
  });

  it('answers the classes, and says what was appended', async () => {
    const answer = await sink.ingest(
      lines(event('a'), event('b'), event('a'), 'oops'),
      'sea',
    );
    expect(answer).toEqual({
      read: 4,
      accepted: 2,
      ignored: 0,
      rejected: 1,
      duplicate: 1,
      reasons: { not_json: 1 },
      nextOffset: log.nextOffset,
    });
    expect(appends).toEqual([
      {
        accepted: 2,
        nextOffset: log.nextOffset,
        receivedAt: expect.any(Number),
      },
    ]);
  });

  it('is unavailable when the log takes nothing', async () => {
    await log.close();
    // Also to who brings nothing: so readiness is asked.
    for (const messages of [lines(event('a')), Readable.from([])]) {
      await expect(sink.ingest(messages, 'sea')).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    }
  });

  it('blames the body for a broken gzip', async () => {
    const body = gzipSync(`${event('a')}\n`).subarray(0, -12);
    await expect(
      sink.ingest(Readable.from([body]), 'sea'),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('passes on why the body broke off', async () => {
    const broken = Readable.from(
      (async function* chunks() {
        yield Buffer.from(`${event('a')}\n`);
        throw new Error('the client broke off');
      })(),
    );
    await expect(sink.ingest(broken, 'sea')).rejects.toThrow(
      'the client broke off',
    );
  });
});
