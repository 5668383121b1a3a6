import { BronzeEvent, classify, splice } from '@naap/events';
import { RecordBatchReader, Vector } from 'apache-arrow';
import { readFile } from 'node:fs/promises';
import { MESSAGE_COST, Turns } from '../turns';
import type { Piece, Verdict } from './ReplayLake';

/** Columns that tell whether an event is what it was. */
const COLUMNS = [
  'event_id',
  'type',
  'subtype',
  'event_time',
  'envelope_time',
  'gateway',
  'stream_id',
  'request_id',
  'data',
  'envelope',
  'data_at',
] as const satisfies ReadonlyArray<keyof BronzeEvent>;

/** Empty texts are null in the lake; its times are in microseconds. */
function kept(value: unknown): unknown {
  return value === '' ? null : value;
}

/** The message of a row: UTF-8 bytes, or text. */
function messageOf(
  table: Piece['table'],
  get: (name: string) => any,
): string | Uint8Array {
  return table === 'events'
    ? splice(get('envelope'), get('data') ?? '', get('data_at'))
    : get('raw');
}

function isAsItWas(
  table: Piece['table'],
  verdict: ReturnType<typeof classify>,
  get: (name: string) => any,
): boolean {
  if (verdict.class !== 'accepted') {
    return (
      table === 'quarantine' &&
      get('class') === verdict.class &&
      get('reason') === verdict.reason
    );
  }
  const { event } = verdict;
  return (
    table === 'events' &&
    COLUMNS.every(name => kept(event[name]) === kept(get(name)))
  );
}

/**
 * Judges the messages of a piece at the time at which they came in. Others have
 * their turns meanwhile.
 *
 * @returns verdicts on those that are not what they were
 */
export async function judge({ path, table }: Piece): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const turns = new Turns();
  let at = 0;
  for (const batch of RecordBatchReader.from(await readFile(path))) {
    const columns = new Map<string, Vector>();
    for (const { name } of batch.schema.fields) {
      columns.set(name, batch.getChild(name)!);
    }
    for (let row = 0; row < batch.numRows; row++, at++) {
      // Times come out in ms, whatever they are kept in.
      const get = (name: string) => columns.get(name)!.get(row);
      const message = messageOf(table, get);
      if (turns.isOver(MESSAGE_COST + message.length)) await turns.next();
      const arrived = get(table === 'events' ? 'ingested_at' : 'seen_at');
      const verdict = classify(message, Number(arrived));
      if (isAsItWas(table, verdict, get)) continue;
      verdicts.push(
        verdict.class === 'accepted'
          ? { at, class: 'accepted', event: verdict.event }
          : { at, class: verdict.class, reason: verdict.reason },
      );
    }
  }
  return verdicts;
}
