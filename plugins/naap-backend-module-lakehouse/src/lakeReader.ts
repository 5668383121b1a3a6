import { createServiceFactory } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  type BronzeReader,
  type EventKey,
  isUnavailable,
  type QuarantineKey,
} from '@naap/lakehouse';
import {
  lakehouseServiceRef,
  type LakeReader,
  lakeReaderServiceRef,
  translated,
} from '@naap/plugin-naap-node';
import {
  boundedPage,
  Gate,
  Key,
  Ordered,
  pageAsk,
  PageAsk,
} from '@naap/serving/bounded';
import { Readable } from 'node:stream';
import { requestEvent } from './requestEvent';

const HOUR_MS = 3_600_000;
/** Messages may come before the event that dates a request: its clock and the envelope's differ by up to 5 minutes. */
const BEFORE_MS = 600_000;
/** How long after it began a request's messages are looked for: each day is a partition to read. */
const AFTER_MS = 8 * 24 * HOUR_MS;
/** Bytes that go out at once. */
const CHUNK = 256 * 1024;

const iso = (ms: number) => new Date(ms).toISOString();

const columns = (
  direction: Ordered['direction'],
  ...kinds: Array<Ordered['kind']>
): Ordered[] => kinds.map(kind => ({ column: '', kind, direction }));

const EVENT_ORDER = columns('ASC', 'time', 'text', 'text', 'time', 'time');
const QUARANTINE_ORDER = columns('DESC', 'time', 'text', 'time', 'time');

const afterOf = <LakeKey>({ after }: PageAsk) =>
  (after ?? undefined) as LakeKey | undefined;

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    yield bytes.subarray(at, at + CHUNK);
  }
}

/** What the API reads from bronze, a few questions at once. */
export function createLakeReader(
  lake: Pick<BronzeReader, 'rawEvents' | 'quarantine' | 'message'>,
): LakeReader {
  const gate = new Gate({ atOnce: 2, waiting: 100, patienceMs: 10_000 });
  const asked = async <T>(ask: () => Promise<T>) => {
    try {
      return await translated(gate.pass(ask));
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      throw new ServiceUnavailableError(
        'Trino, which reads the lake, does not answer; it may in a minute',
      );
    }
  };
  return {
    requestEvents: ({ request_id, stream_id, requested_at }, query) =>
      asked(async () => {
        const began = Date.parse(requested_at);
        const page = pageAsk('events', query, EVENT_ORDER);
        const { rows, more } = await lake.rawEvents({
          requestId: request_id,
          streamId: stream_id,
          from: iso(began - BEFORE_MS),
          to: iso(began + AFTER_MS),
          limit: page.limit,
          after: afterOf<EventKey>(page),
        });
        const keys = new Map<object, Key>();
        const events = rows.map(row => {
          const event = requestEvent(row);
          keys.set(event, [
            Date.parse(row.envelope_time),
            row.event_id,
            row.topic,
            row.partition,
            row.offset,
          ]);
          return event;
        });
        const bounded = await boundedPage(
          'events',
          { rows: events, more },
          event => keys.get(event)!,
        );
        return { events: bounded.rows, next: bounded.next };
      }),

    quarantine: query =>
      asked(async () => {
        const page = pageAsk('quarantine', query, QUARANTINE_ORDER);
        const { total, rows, more } = await lake.quarantine({
          class: query.class,
          reason: query.reason,
          limit: page.limit,
          offset: query.offset ?? 0,
          after: afterOf<QuarantineKey>(page),
        });
        const { rows: fitting, next } = await boundedPage(
          'quarantine',
          {
            rows: rows.map(({ raw, ...row }) => ({
              ...row,
              raw_base64: Buffer.from(raw).toString('base64'),
            })),
            more,
          },
          row => [
            Date.parse(row.seen_at),
            row.topic,
            row.partition,
            row.offset,
          ],
        );
        return { total, rows: fitting, next };
      }),

    message: place =>
      asked(async () => {
        const bytes = await lake.message(place);
        return bytes && Readable.from(chunksOf(bytes));
      }),
  };
}

export const lakeReaderServiceFactory = createServiceFactory({
  service: lakeReaderServiceRef,
  deps: { lake: lakehouseServiceRef },
  factory: ({ lake }) => createLakeReader(lake.reader),
});
