import { RunState } from '@naap/plugin-naap-common';
import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiGhostLine,
  RiHourglassLine,
  RiPlayCircleLine,
  RiStopCircleLine,
} from '@remixicon/react';
import styles from './RunMark.module.css';

const ICONS: Record<RunState, typeof RiPlayCircleLine> = {
  queued: RiHourglassLine,
  running: RiPlayCircleLine,
  succeeded: RiCheckboxCircleFill,
  failed: RiCloseCircleFill,
  cancelled: RiStopCircleLine,
  lost: RiGhostLine,
};

const HINTS: Record<RunState, string> = {
  queued: 'Waits for the run before it to end',
  running: 'Runs now',
  succeeded: 'Ended well',
  failed: 'Ended with an error',
  cancelled: 'Somebody ended it; what it did until then stays sound',
  lost: 'The process that ran it died',
};

/** The state of a run by shape and word. */
export function RunMark({ state }: { state: RunState }) {
  const Icon = ICONS[state];
  return (
    <span className={`${styles.root} ${styles[state]}`} title={HINTS[state]}>
      <Icon aria-hidden="true" />
      <span>{state}</span>
    </span>
  );
}
