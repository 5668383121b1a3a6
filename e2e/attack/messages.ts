import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hoursAgo } from '../honest.ts';
import { jsonOf } from '../portal.ts';
import { lines, message } from './payloads.ts';
import { readPages } from './readPages.ts';
import { FULL, MIB } from './target.ts';
import type { Target } from './target.ts';

const AT = hoursAgo(9);
/** One message: longer ones are cut into several. */
const BIG = 64 * MIB - 64;
const STATUSES = FULL ? 3_000 : 400;
const STATUS_BYTES = 100_000;
const SHOWN_BYTES = 1024;
/** Of a message that is too large. */
const KEPT_BYTES = 64 * 1024;

interface Quarantined {
  raw_base64: string | null;
  raw_length: number;
  raw_sha256: string | null;
  topic: string;
  partition: number;
  offset: number;
}

/** Lists show the first kilobyte of big messages; the whole is fetched singly. */
export async function bigMessages(target: Target): Promise<void> {
  await bigRejects(target);
  await bigRequest(target);
}

async function bigRejects({ portal }: Target): Promise<void> {
  const hashes: string[] = [];
  for (const letter of ['a', 'b', 'c']) {
    const body = Buffer.alloc(BIG, letter);
    body.write('{"type":"x","v":"');
    hashes.push(createHash('sha256').update(body).digest('hex'));
    assert.equal((await portal.push(body)).rejected, 1);
  }
  await portal.run('commit');
  const listed = (await readPages(
    portal,
    '/quarantine?class=rejected&reason=too_large&limit=500',
  )) as Quarantined[];
  const big = listed.filter(({ raw_length: length }) => length === BIG);
  assert.deepEqual(
    big.map(({ raw_sha256: hash }) => hash).sort(),
    hashes.sort(),
  );
  for (const { raw_base64: raw, topic, partition, offset } of big) {
    assert.ok(Buffer.from(raw ?? '', 'base64').length <= SHOWN_BYTES);
    const whole = await portal.api(`/messages/${topic}/${partition}/${offset}`);
    assert.equal(whole.status, 200);
    assert.equal(whole.body.length, KEPT_BYTES);
    assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/);
    assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(whole.headers.get('content-type'), 'application/octet-stream');
  }
}

async function bigRequest({ portal, mode }: Target): Promise<void> {
  const id = `big-${mode}`;
  const request = { stream_id: id, request_id: id };
  const began = message('stream_trace', AT, 'gw-sea', {
    ...request,
    type: 'gateway_receive_stream_request',
    timestamp: AT,
  });
  const statuses = Array.from({ length: STATUSES }, (_, i) =>
    message('ai_stream_status', AT + 1_000 * i, 'gw-sea', {
      ...request,
      type: 'status',
      state: 'ONLINE',
      pipeline: 'model',
      inference_status: { fps: 20, last_error: 'e'.repeat(STATUS_BYTES) },
    }),
  );
  await portal.push(lines([began]));
  for (let i = 0; i < statuses.length; i += 100) {
    await portal.push(lines(statuses.slice(i, i + 100)));
  }
  await portal.run();

  const ids = new Set<string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor && `?cursor=${encodeURIComponent(cursor)}`;
    const answer = await portal.api(`/requests/${id}${query}`);
    assert.equal(answer.status, 200, answer.body.toString().slice(0, 300));
    assert.ok(answer.body.length <= 8 * MIB, `${answer.body.length} bytes`);
    const { events, next } = jsonOf<{
      events: Array<{ event_id: string; raw: string | null }>;
      next: string | null;
    }>(answer);
    for (const { event_id: event, raw } of events) {
      assert.ok(!ids.has(event), `${event} comes twice`);
      ids.add(event);
      // A character that is cut in two is three bytes.
      assert.ok(Buffer.byteLength(raw ?? '') <= SHOWN_BYTES + 3);
    }
    cursor = next;
  }
  assert.equal(ids.size, STATUSES + 1);
}
