import { WindowState } from '@naap/plugin-naap-common';
import { formatAge, formatBothZones, formatUtc } from '../lib/time';
import styles from './Freshness.module.css';
import { useNow } from './useNow';

const STATE_HINT: Record<WindowState, string> = {
  provisional:
    'Provisional: the window ends less than 60 minutes before the newest event, so late messages may still change it',
  final: 'Final: the window ended 60 minutes or more before the newest event',
  revised:
    'Revised: messages that came in after the window was final changed it',
};

// Beyond it the time of day says nothing that the day does not.
const DAY_ONLY_MS = 2 * 24 * 3_600_000;

/** `as of 14:32 UTC, 40 s ago · provisional`; the age ticks. */
export function Freshness(props: {
  watermark: string | null;
  state: WindowState | null;
}) {
  const now = useNow();
  if (!props.watermark) {
    return <span>not served yet</span>;
  }
  const at = new Date(props.watermark);
  const age = now - at.getTime();
  const moment = formatUtc(at, new Date(now));
  return (
    <span>
      <span className={styles.lead}>as of </span>
      <time dateTime={props.watermark} title={formatBothZones(at)}>
        {age > DAY_ONLY_MS
          ? moment.replace(/ \d\d:\d\d$/, '')
          : `${moment} UTC`}
      </time>
      , {formatAge(age)}
      {props.state && (
        <>
          {' · '}
          <span title={STATE_HINT[props.state]}>{props.state}</span>
        </>
      )}
    </span>
  );
}
