import type { LakeReader as IcebergReader } from '@naap/lakehouse';
import type { LakeReader } from '@naap/plugin-naap-node';

const HOUR_MS = 3_600_000;
/** Messages may come before the event that dates a request: its clock and the envelope's differ by up to 5 minutes. */
const BEFORE_MS = 600_000;
/** How long after it began a request's messages are looked for: each day is a partition to read. */
const AFTER_MS = 8 * 24 * HOUR_MS;
/** A status every 10 s for a day, and more. */
const MOST_EVENTS = 10_000;

const iso = (ms: number) => new Date(ms).toISOString();

/** What the API reads from the Iceberg tables. */
export function createLakeReader(
  lake: Pick<IcebergReader, 'rawEvents' | 'quarantine' | 'batchTotals'>,
): LakeReader {
  return {
    async requestEvents({ request_id, stream_id, requested_at }) {
      const began = Date.parse(requested_at);
      const events = await lake.rawEvents({
        requestId: request_id,
        streamId: stream_id,
        from: iso(began - BEFORE_MS),
        to: iso(began + AFTER_MS),
        limit: MOST_EVENTS,
      });
      return events.map(event => ({
        event_id: event.event_id ?? '',
        type: event.type,
        subtype: event.subtype,
        event_time: event.event_time,
        envelope_time: event.envelope_time,
        gateway: event.gateway,
        raw: event.raw,
      }));
    },

    async quarantine(query) {
      const { total, rows } = await lake.quarantine(query);
      return {
        total,
        rows: rows.map(({ raw, ...row }) => ({
          ...row,
          raw_base64: Buffer.from(raw).toString('base64'),
        })),
      };
    },

    async ingestStats({ from, to }) {
      const hour = (time: string, round: (hours: number) => number) =>
        iso(round(Date.parse(time) / HOUR_MS) * HOUR_MS);
      const { hours } = await lake.batchTotals({
        from: from && hour(from, Math.floor),
        to: to && hour(to, Math.ceil),
      });
      return hours;
    },
  };
}
