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
    ).rejects.toMatchObject({
      name: 'InputError',
      statusCode: 400,
      message: expect.stringContaining('no valid gzip'),
      counts: { read: 0 },
    });
  });

  it('refuses more bytes than it may take, and says what it kept', async () => {
    await expect(
      sink.ingest(lines(event('a')), 'sea', { maxBytes: 10 }),
    ).rejects.toMatchObject({
      statusCode: 413,
      message: expect.stringMatching(
        /^Nothing of the input is kept: .*10 bytes/,
      ),
    });
  });

  it('says what it kept of a body that is too slow', async () => {
    const slow = (async function* chunks() {
      yield Buffer.from(`${event('a')}\n${event('b')}`);
      throw Object.assign(new Error('no byte came'), {
        name: 'RequestTimeoutError',
        statusCode: 408,
      });
    })();
    await expect(sink.ingest(slow, 'sea')).rejects.toMatchObject({
      statusCode: 408,
      name: 'RequestTimeoutError',
      message: expect.stringMatching(
        /^1 messages of the input are kept .*no byte came/,
      ),
      counts: { accepted: 1 },
    });
  });

  describe('a body with a key', () => {
    const key = 'k1';
    const all = [event('a'), 'oops', event('b'), event('a'), event('c')];
    /** Breaks off after some messages. */
    const broken = async function* broken(messages: number) {
      yield Buffer.from(`${all.slice(0, messages).join('\n')}\n`);
      throw new Error('the client broke off');
    };
    const whole = {
      read: 5,
      accepted: 3,
      rejected: 1,
      duplicate: 1,
      reasons: { not_json: 1 },
    };

    it('is counted once, however often it was begun', async () => {
      for (const messages of [2, 4]) {
        await expect(
          sink.ingest(broken(messages), 'sea', { key }),
        ).rejects.toThrow('broke off');
      }
      expect(await sink.ingest(lines(...all), 'sea', { key })).toMatchObject({
        ...whole,
        resumed: 4,
      });
      // Its answer was lost.
      expect(await sink.ingest(lines(...all), 'sea', { key })).toMatchObject({
        ...whole,
        resumed: 5,
      });
    });

    it('is another by another source, and without one it is new', async () => {
      await sink.ingest(lines(...all), 'sea', { key });
      for (const answer of [
        await sink.ingest(lines(...all), 'file', { key }),
        await sink.ingest(lines(...all), 'sea'),
      ]) {
        expect(answer).toMatchObject({ accepted: 0, duplicate: 5 });
        expect(answer).not.toHaveProperty('resumed');
      }
    });

    it('is not brought twice at once', async () => {
      const first = sink.ingest(lines(...all), 'sea', { key });
      await expect(
        sink.ingest(lines(...all), 'sea', { key }),
      ).rejects.toMatchObject({ name: 'ConflictError' });
      expect(await first).toMatchObject(whole);
    });
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
