import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hoursAgo } from '../honest.ts';
import type { Counts } from '../portal.ts';
import { until } from '../waiting.ts';
import { distinctRequest, lines } from './payloads.ts';
import { bytesOf, FULL, MIB } from './target.ts';
import type { Target } from './target.ts';

/** Over 1 GiB. */
const FILE_MIB = FULL ? 2_300 : 1_100;
const SMALL = FULL ? 3_000_000 : 300_000;
const LONG = 200 * MIB;
const DAYS = FULL ? 2_000 : 150;
/** Longer than 328 s, after which it was once broken off. */
const SLOW_MS = FULL ? 400_000 : 20_000;

/** A file over 1 GiB is ingested while the portal runs, in pieces whose counts add up. */
export async function largeFile({ portal, mode }: Target): Promise<void> {
  const piece = lines(
    Array.from({ length: 16 }, (_, i) => ({
      id: `file-${mode}-${i}`,
      type: 'unknown_family',
      timestamp: String(hoursAgo(12)),
      data: 'x'.repeat(64_000),
    })),
  );
  const times = Math.ceil((FILE_MIB * MIB) / piece.length);
  const file = join(tmpdir(), `naap-attack-${randomUUID()}.ndjson`);
  try {
    const out = createWriteStream(file);
    for (let i = 0; i < times; i += 1) {
      if (!out.write(piece)) await once(out, 'drain');
    }
    out.end();
    await once(out, 'finish');
    const counts = await portal.home.json<Counts>(['ingest', file]);
    assert.equal(counts.read, 16 * times);
    assert.equal(counts.ignored, 16);
    assert.equal(counts.duplicate, 16 * (times - 1));
  } finally {
    await rm(file, { force: true });
  }
}

/** A sender may take its time. */
export async function slowUpload({ portal, mode }: Target): Promise<void> {
  const end = Date.now() + SLOW_MS;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (Date.now() > end) {
        controller.close();
        return;
      }
      const [one] = distinctRequest(sent, hoursAgo(13));
      const text = lines([{ ...one, id: `slow-${mode}-${sent}` }]);
      // In two halves: no piece ends where a message does.
      controller.enqueue(Buffer.from(text.slice(0, 50)));
      await delay(500);
      controller.enqueue(Buffer.from(text.slice(50)));
      await delay(500);
      sent += 1;
    },
  });
  const answer = await portal.bring(body);
  assert.equal(answer.status, 200, answer.body.toString());
  assert.equal((JSON.parse(answer.body.toString()) as Counts).accepted, sent);
}

/** What is sent again counts once and is kept once. */
export async function retries({ portal, mode }: Target): Promise<void> {
  const bad = `{"retry-${mode}": \n`;
  assert.equal((await portal.push(bad)).rejected, 1);
  assert.equal((await portal.push(bad.repeat(500))).duplicate, 500);
  const ignored = `{"type":"retry-${mode}","timestamp":"${hoursAgo(
    15,
  )}","data":1}\n`;
  assert.equal((await portal.push(ignored)).ignored, 1);
  assert.equal((await portal.push(ignored.repeat(500))).duplicate, 500);

  const [one] = distinctRequest(0, hoursAgo(15));
  const copy = { ...one, gateway: 'another' };
  const both = await portal.push(lines([one, copy]));
  assert.equal(both.accepted, 1);
  assert.equal(both.duplicate, 1);
  const log = join(portal.home.path, 'log');
  const before = bytesOf(log);
  const again = await portal.push(lines(Array(20_000).fill(copy)));
  assert.equal(again.duplicate, 20_000);
  const grown = bytesOf(log) - before;
  assert.ok(grown < MIB, `the log grew by ${grown} bytes`);
}

const deep = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}${close.repeat(depth)}\n`;

/** Inputs that take long to read, all of them within what one request may carry. */
function largeInputs(): Record<string, string | Buffer> {
  const wide = Array.from({ length: 60_000 }, (_, i) => `"m${i}":1`).join();
  const wrapped = JSON.stringify({
    value: JSON.stringify({ value: '\\"'.repeat(100_000) }),
  });
  return {
    'small elements': `[${'{},'.repeat(SMALL)}{}]`,
    'small lines': '{}\n'.repeat(SMALL),
    'numbers on lines': '1\n'.repeat(SMALL),
    'one long line': Buffer.alloc(LONG, 'x'),
    'one long element': Buffer.concat([
      Buffer.from('[{"a":"'),
      Buffer.alloc(LONG, 'x'),
    ]),
    'open brackets': Buffer.concat([
      Buffer.from('[{}'),
      Buffer.alloc(LONG, '['),
    ]),
    'deep messages': deep('[', ']', 500_000).repeat(30),
    'deep objects': deep('{"a":', '}', 170_000).repeat(30),
    'deep data without an id': `{"type":"stream_trace","timestamp":"${hoursAgo(
      16,
    )}","data":{"request_id":"deep","type":"gateway_receive_stream_request","a":${deep(
      '[',
      ']',
      400_000,
    ).trim()}}}\n`.repeat(5),
    'wide messages': `{${wide}}\n`.repeat(30),
    'escaped messages': `{"type":"${'\\u0041'.repeat(170_000)}"}\n`.repeat(30),
    'wrapped messages': `${wrapped}\n`.repeat(30),
    'nothing but blanks': Buffer.alloc(LONG, ' '),
    'nothing but line ends': Buffer.alloc(LONG, '\n'),
  };
}

/** However long an input takes, others have their turn meanwhile. */
export async function largeInputsYield(target: Target): Promise<void> {
  const { portal, watch } = target;
  for (const [name, body] of Object.entries(largeInputs())) {
    await watch.over(name, async () => {
      const { read, accepted, ignored, rejected, duplicate } =
        await portal.push(body);
      assert.equal(read, accepted + ignored + rejected + duplicate, name);
    });
  }
  await watch.over('what was read is built', () => portal.run());
}

/** Waits until a request of now is served. */
export async function assertServesNow(
  { portal, mode }: Target,
  name: string,
): Promise<void> {
  const id = `${name}-${mode}`;
  const request = distinctRequest(1, Date.now() - 20_000).map(one => ({
    ...one,
    data: { ...(one.data as object), request_id: id, stream_id: id },
  }));
  await portal.push(lines(request));
  await until(
    `the request ${id}`,
    async () => {
      const { status } = await portal.api(`/requests/${id}`);
      return status === 200 || undefined;
    },
    90_000,
  );
}

/** Events of many days at once hold up no event of now. */
export async function manyDays(target: Target): Promise<void> {
  const { portal } = target;
  const events = Array.from({ length: DAYS }, (_, i) =>
    distinctRequest(0, hoursAgo(24 * (i + 10))).map((one, j) => ({
      ...one,
      id: `day-${i}-${j}`,
      data: { ...(one.data as object), request_id: `day-${i}` },
    })),
  );
  const { status } = await portal.bring(lines(events.flat()));
  // So many may be refused, but in words.
  assert.ok([200, 400, 413, 422, 429].includes(status), String(status));
  await assertServesNow(target, 'today');
  await portal.run();
}
