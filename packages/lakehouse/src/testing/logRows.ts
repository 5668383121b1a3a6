/** A row of the event log, without what all rows of an append share. */
export interface LogRow {
  class: 'accepted' | 'duplicate' | 'ignored' | 'rejected';
  [column: string]: unknown;
}

export interface LogAppend {
  receivedAt: number;
  rows: LogRow[];
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
