import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import { noCounts } from '../../counts';
import { KNOWN_SCHEMAS, SegmentBatch } from '../SegmentBatch';

/** A message as the version judged it that kept no version of the gate. */
export type OldMessage =
  | { class: 'accepted'; raw: string }
  | {
      class: 'rejected';
      raw: string;
      reason: 'schema' | 'not_json' | 'missing_type';
    };

const [, , OLD_SCHEMA] = KNOWN_SCHEMAS;
const END_OF_STREAM_BYTES = 8;

function toBytes(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true).slice(0, -END_OF_STREAM_BYTES);
}

/** It cut `data` out, and took the last of two values of a name. */
function accepted(raw: string) {
  const { id, type, timestamp, gateway, data } = JSON.parse(raw);
  const at = raw.indexOf('"data":') + '"data":'.length;
  return {
    class: 'accepted' as const,
    raw: Buffer.from(raw),
    dataEnd: raw.length - 1,
    data: null,
    event: {
      event_id: id,
      type,
      subtype: data.type ?? null,
      event_time: Number(timestamp),
      envelope_time: Number(timestamp),
      gateway,
      stream_id: data.stream_id ?? null,
      request_id: data.request_id ?? null,
      data_at: at,
    },
  };
}

/** Writes a log of one segment without `gate_version`, an append each. `data` is the last member of accepted messages. */
export function writeOldLog(
  home: string,
  appends: Array<{ receivedAt: number; messages: OldMessage[] }>,
): void {
  mkdirSync(join(home, 'log'), { recursive: true });
  const file = openSync(join(home, 'log', '0.arrows'), 'w');
  let offset = 0;
  for (const { receivedAt, messages } of appends) {
    const batch = new SegmentBatch(offset, { source: 'file', receivedAt }, 0);
    const counts = noCounts();
    for (const message of messages) {
      counts.read++;
      counts[message.class]++;
      if (message.class === 'accepted') {
        batch.addEvent('accepted', accepted(message.raw), 0);
        continue;
      }
      const { reason } = message;
      const raw = Buffer.from(message.raw);
      counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
      const { length } = raw;
      batch.addQuarantined(
        {
          class: 'rejected',
          reason,
          raw,
          length,
          sha256: null,
        },
        0,
      );
    }
    const whole = batch.finish(counts);
    const names = whole.schema.fields.map(({ name }) => name);
    const old = whole.select(names.slice(0, names.indexOf('gate_version')));
    const bytes = toBytes(old);
    if (offset === 0) writeSync(file, OLD_SCHEMA);
    writeSync(file, bytes.subarray(OLD_SCHEMA.length));
    offset = batch.nextOffset;
  }
  closeSync(file);
}
