import { WindowState } from '@naap/plugin-naap-common';
import { formatAge } from '../lib/time';
import { useNow } from './useNow';
import { UtcTime } from './UtcTime';

const STATE_HINT: Record<WindowState, string> = {
  provisional:
    'Provisional: the window ends less than 60 minutes before the newest event, so late messages may still change it',
  final: 'Final: the window ended 60 minutes or more before the newest event',
  revised:
    'Revised: messages that came in after the window was final changed it',
};

/** `as of 14:32 UTC, 40 s ago · provisional`; the age ticks. */
export function Freshness(props: {
  watermark: string | null;
  state: WindowState | null;
}) {
  const now = useNow();
  if (!props.watermark) {
    return <span>not served yet</span>;
  }
  return (
    <span>
      as of <UtcTime iso={props.watermark} /> UTC,{' '}
      {formatAge(now - Date.parse(props.watermark))}
      {props.state && (
        <>
          {' · '}
          <span title={STATE_HINT[props.state]}>{props.state}</span>
        </>
      )}
    </span>
  );
}
