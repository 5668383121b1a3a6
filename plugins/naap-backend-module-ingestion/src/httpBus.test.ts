import {
  type EventBus,
  EventLog,
  EventLogBus,
  KafkaBusError,
  logPositions,
} from '@naap/ingestion';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { httpBus } from './httpBus';

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

describe('the bus of the API', () => {
  let home: string;
  let log: EventLog;
  let bus: EventBus;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'naap-sink-'));
    log = await EventLog.open(home);
    bus = httpBus(new EventLogBus(log));
  });

  afterEach(async () => {
    await log.close();
    await rm(home, { recursive: true });
  });

  it('answers the classes, and how far the log is', async () => {
    const answer = await bus.publish(
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
      positions: logPositions(log.nextOffset),
    });
    expect(await bus.positions()).toEqual(logPositions(log.nextOffset));
  });

  it('is unavailable when the log takes nothing', async () => {
    await log.close();
    for (const answer of [
      bus.publish(lines(event('a')), 'sea'),
      bus.publish(Readable.from([]), 'sea'),
      bus.check(),
    ]) {
      await expect(answer).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    }
  });

  it('is unavailable when the brokers take nothing', async () => {
    const away = async () => {
      throw new KafkaBusError('Kafka takes nothing: connect ECONNREFUSED');
    };
    const kafka = httpBus({ publish: away, positions: away, check: away });
    for (const answer of [
      kafka.publish(lines(event('a')), 'sea'),
      kafka.check(),
    ]) {
      await expect(answer).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    }
  });

  it('blames the body for a broken gzip', async () => {
    const body = gzipSync(`${event('a')}\n`).subarray(0, -12);
    await expect(
      bus.publish(Readable.from([body]), 'sea'),
    ).rejects.toMatchObject({
      name: 'InputError',
      statusCode: 400,
      message: expect.stringContaining('no valid gzip'),
      counts: { read: 0 },
    });
  });

  it('refuses more bytes than it may take, and says what it kept', async () => {
    await expect(
      bus.publish(lines(event('a')), 'sea', { maxBytes: 10 }),
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
    await expect(bus.publish(slow, 'sea')).rejects.toMatchObject({
      statusCode: 408,
      name: 'RequestTimeoutError',
      message: expect.stringMatching(
        /^1 messages of the input are kept .*no byte came/,
      ),
      counts: { accepted: 1 },
    });
  });

  it('is in conflict with itself where the same key is brought twice at once', async () => {
    const key = 'k1';
    const first = bus.publish(lines(event('a')), 'sea', { key });
    await expect(
      bus.publish(lines(event('a')), 'sea', { key }),
    ).rejects.toMatchObject({ name: 'ConflictError' });
    expect(await first).toMatchObject({ accepted: 1 });
  });

  it('passes on why the body broke off', async () => {
    const broken = Readable.from(
      (async function* chunks() {
        yield Buffer.from(`${event('a')}\n`);
        throw new Error('the client broke off');
      })(),
    );
    await expect(bus.publish(broken, 'sea')).rejects.toThrow(
      'the client broke off',
    );
  });
});
