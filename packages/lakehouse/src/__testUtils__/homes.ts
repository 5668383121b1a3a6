import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonExecutable, pythonPath } from '../python';

/** Temporary homes; `removeAll` belongs into `afterAll`. */
export class Homes {
  readonly #all: string[] = [];

  create(): string {
    const home = mkdtempSync(join(tmpdir(), 'naap-lakehouse-'));
    this.#all.push(home);
    return home;
  }

  removeAll(): void {
    for (const home of this.#all) rmSync(home, { recursive: true });
  }
}

/** A row of the event log, without what all rows of an append share. */
export interface LogRow {
  class: 'accepted' | 'duplicate' | 'ignored' | 'rejected';
  [column: string]: unknown;
}

export interface LogAppend {
  receivedAt: number;
  rows: LogRow[];
}

/** Writes a new event log, of one segment, into a home. */
export function writeLog(home: string, appends: LogAppend[]): void {
  execFileSync(
    pythonExecutable(),
    [join(pythonPath(), 'tests', 'log_fixture.py'), home],
    {
      input: appends
        .map(({ receivedAt, rows }) => JSON.stringify([receivedAt, rows]))
        .join('\n'),
    },
  );
}

/** The row of an accepted message, as the event log keeps it. */
export function acceptedRow(
  raw: string,
  columns: { at: number; [column: string]: unknown },
): LogRow {
  const { id, type, data } = JSON.parse(raw);
  const dataText = JSON.stringify(data);
  const dataAt = raw.lastIndexOf(dataText);
  const { at, ...others } = columns;
  return {
    class: 'accepted',
    event_id: id,
    type,
    request_id: data.request_id,
    stream_id: data.stream_id,
    event_time: at,
    envelope_time: at,
    data: dataText,
    envelope: raw.slice(0, dataAt) + raw.slice(dataAt + dataText.length),
    data_at: dataAt,
    ...others,
  };
}
