import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type EventBus, KeyInUseError } from '../EventBus';
import { isBehind } from '../positions';
import { IngestStreamError } from '../stream/ingestStream';

const event = (id: string) =>
  JSON.stringify({
    id,
    type: 'stream_trace',
    timestamp: String(Date.now()),
    data: {
      type: 'gateway_receive_stream_request',
      request_id: 'r1',
      stream_id: 's1',
    },
  });
const lines = (...messages: string[]) =>
  Readable.from([Buffer.from(`${messages.join('\n')}\n`)]);

/** Breaks off after some messages. */
async function* broken(...messages: string[]) {
  yield Buffer.from(`${messages.join('\n')}\n`);
  throw new Error('the client broke off');
}

/**
 * What every `EventBus` keeps.
 *
 * @param open - an empty bus, and what makes it take nothing more
 */
export function eventBusContract(
  open: () => Promise<{ bus: EventBus; refuse: () => Promise<void> }>,
): void {
  let bus: EventBus;
  let refuse: () => Promise<void>;
  beforeEach(async () => {
    ({ bus, refuse } = await open());
  });

  it('answers the class of each message, and they add up', async () => {
    const a = event('a');
    const answer = await bus.publish(lines(a, event('b'), a, 'oops'), 'sea');
    expect(answer).toMatchObject({
      read: 4,
      accepted: 2,
      ignored: 0,
      rejected: 1,
      duplicate: 1,
      reasons: { not_json: 1 },
    });
    expect(answer).not.toHaveProperty('resumed');
  });

  it('is further with what it took, and stays where it is with nothing', async () => {
    const before = await bus.positions();
    const { positions } = await bus.publish(lines(event('a'), 'oops'), 'sea');
    expect(isBehind(before, positions)).toBe(true);
    expect(isBehind(positions, before)).toBe(false);
    await bus.publish(Readable.from([]), 'sea');
    expect(await bus.positions()).toEqual(positions);
  });

  it('loses none of many that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        bus.publish(lines(event(`${i} a`), event(`${i} b`)), 'sea'),
      ),
    );
    expect(answers.map(({ accepted }) => accepted)).toEqual(
      answers.map(() => 2),
    );
    const end = await bus.positions();
    expect(answers.some(({ positions }) => isBehind(end, positions))).toBe(
      false,
    );
  });

  it('says why it takes nothing, when it is asked and when it is brought something', async () => {
    await bus.check();
    await refuse();
    await expect(bus.check()).rejects.toThrow();
    let wasRead = false;
    const messages = (async function* read() {
      wasRead = true;
      yield Buffer.from(event('a'));
    })();
    await expect(bus.publish(messages, 'sea')).rejects.toThrow();
    expect(wasRead).toBe(false);
  });

  it('changes nothing when it is asked whether it takes something', async () => {
    const before = await bus.positions();
    await bus.check();
    expect(await bus.positions()).toEqual(before);
  });

  it('says what it kept of what broke off or is too much', async () => {
    await expect(bus.publish(broken(event('a')), 'sea')).rejects.toMatchObject({
      counts: { accepted: 1 },
    });
    await expect(
      bus.publish(lines(event('b')), 'sea', { maxBytes: 10 }),
    ).rejects.toThrow(IngestStreamError);
    const gzip = gzipSync(`${event('c')}\n`).subarray(0, -12);
    await expect(
      bus.publish(Readable.from([gzip]), 'sea'),
    ).rejects.toMatchObject({ counts: { read: 0 } });
  });

  describe('messages with a key', () => {
    const key = 'k1';
    const again = event('a');
    const all = [again, 'oops', event('b'), again, event('c')];
    const whole = {
      read: 5,
      accepted: 3,
      rejected: 1,
      duplicate: 1,
      reasons: { not_json: 1 },
    };

    it('are counted once, however often they were begun', async () => {
      for (const messages of [2, 4]) {
        await expect(
          bus.publish(broken(...all.slice(0, messages)), 'sea', { key }),
        ).rejects.toThrow('broke off');
      }
      expect(await bus.publish(lines(...all), 'sea', { key })).toMatchObject({
        ...whole,
        resumed: 4,
      });
      // Its answer was lost.
      expect(await bus.publish(lines(...all), 'sea', { key })).toMatchObject({
        ...whole,
        resumed: 5,
      });
    });

    it('are others by another source, and without one they are new', async () => {
      await bus.publish(lines(...all), 'sea', { key });
      for (const answer of [
        await bus.publish(lines(...all), 'file', { key }),
        await bus.publish(lines(...all), 'sea'),
      ]) {
        expect(answer).toMatchObject({ accepted: 0, duplicate: 5 });
        expect(answer).not.toHaveProperty('resumed');
      }
    });

    it('are not brought twice at once', async () => {
      const first = bus.publish(lines(...all), 'sea', { key });
      await expect(bus.publish(lines(...all), 'sea', { key })).rejects.toThrow(
        KeyInUseError,
      );
      expect(await first).toMatchObject(whole);
    });
  });
}
