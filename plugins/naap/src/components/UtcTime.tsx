import { formatBothZones, formatUtc } from '../lib/time';

/** A moment in UTC, with the reader's local time on hover. */
export function UtcTime(props: { iso: string; seconds?: boolean }) {
  const at = new Date(props.iso);
  return (
    <time dateTime={props.iso} title={formatBothZones(at)}>
      {formatUtc(at, new Date(), { seconds: props.seconds })}
    </time>
  );
}
