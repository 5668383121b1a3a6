import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splice } from '@naap/events';
import { RecordBatchReader } from 'apache-arrow';
import { listSegments } from '../segmentFile';

/** Directories for one test file, removed at its end. */
export function temporaryHomes(): () => string {
  const homes: string[] = [];
  afterAll(() => {
    for (const home of homes.splice(0)) {
      rmSync(home, { recursive: true, force: true });
    }
  });
  return () => {
    const home = mkdtempSync(join(tmpdir(), 'naap-log-'));
    homes.push(home);
    return home;
  };
}

export type Row = Record<string, unknown> & {
  offset: number;
  class: string;
  /** The message, put together again. */
  message?: string;
};

/** All rows of a log, in order. */
export async function readRows(home: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { path } of await listSegments(join(home, 'log'))) {
    for (const batch of RecordBatchReader.from(readFileSync(path))) {
      for (const row of batch) {
        const { offset, raw, ...rest } = row.toJSON() as Record<string, never>;
        rows.push({
          ...rest,
          offset: Number(offset),
          class: rest.class,
          message:
            rest.envelope === null
              ? raw && Buffer.from(raw).toString('latin1')
              : splice(rest.envelope, rest.data, rest.data_at),
        });
      }
    }
  }
  return rows;
}

const NOON = Date.UTC(2026, 0, 9, 12);

/** A message that is accepted. */
export function paymentOf(id: unknown, changes: object = {}): string {
  return JSON.stringify({
    id,
    type: 'create_new_payment',
    timestamp: String(NOON),
    gateway: '',
    data: { numTickets: '1', requestID: '' },
    ...changes,
  });
}

/** A message that is rejected. */
export function junkOf(n: number, length: number): string {
  return `not json ${n} `.padEnd(length, '.');
}

export const bytesOf = (...messages: string[]) =>
  messages.map(message => Buffer.from(message));
