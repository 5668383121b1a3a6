import { RecordBatchReader } from 'apache-arrow';
import { readFile } from 'node:fs/promises';

/** What a replay changed of what the log has seen. */
export interface ReplayedIdentity {
  /** `gone`: it is not that event any more; `here`: it is; `quarantined`: it is that now. */
  state: 'gone' | 'here' | 'quarantined';
  eventId: string;
  /** Unix ms. */
  envelopeTime: number;
  /** Unix ms. */
  receivedAt: number;
  raw: Buffer;
}

/** Reads the Arrow IPC files that a replay leaves for the log. */
export async function* replayedIdentities(
  paths: readonly string[],
): AsyncGenerator<ReplayedIdentity> {
  for (const path of paths) {
    for (const batch of RecordBatchReader.from(await readFile(path))) {
      const column = (name: string) => batch.getChild(name)!;
      for (let row = 0; row < batch.numRows; row++) {
        yield {
          state: column('state').get(row),
          eventId: column('event_id').get(row),
          envelopeTime: Number(column('envelope_time').get(row)),
          receivedAt: Number(column('received_at').get(row)),
          raw: Buffer.from(column('raw').get(row)),
        };
      }
    }
  }
}
