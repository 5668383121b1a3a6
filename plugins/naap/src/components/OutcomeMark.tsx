import { FailureReason, Outcome } from '@naap/plugin-naap-common';
import {
  RiCheckLine,
  RiCloseLine,
  RiForbid2Line,
  RiLogoutBoxRLine,
  RiPlayLine,
  RiQuestionLine,
} from '@remixicon/react';
import styles from './OutcomeMark.module.css';

const ICONS: Record<Outcome, typeof RiCheckLine> = {
  ok: RiCheckLine,
  failed: RiCloseLine,
  unserved: RiForbid2Line,
  abandoned: RiLogoutBoxRLine,
  unknown: RiQuestionLine,
  running: RiPlayLine,
};

const HINTS: Record<Outcome, string> = {
  ok: 'Output came, and nothing says that it failed',
  failed: 'Counts as an inference failure',
  unserved: 'No orchestrator was available',
  abandoned:
    'Ended before any output, for a reason that is not the orchestrator’s',
  unknown: 'Telemetry was lost: nothing says what happened',
  running: 'Not closed yet, so not graded yet',
};

const REASONS: Record<FailureReason, string> = {
  swap_failed: 'swap failed',
  no_output: 'no output',
  output_lost: 'output lost',
  startup_failed: 'startup failed',
  error: 'error',
};

const REASON_HINTS: Record<FailureReason, string> = {
  swap_failed: 'No output came after its last swap',
  no_output: 'Status after status said that no output came',
  output_lost: 'Output came, then stopped and never came back',
  startup_failed: 'It never started, and nothing excuses it',
  error: 'An error that is not excused, and no output after it',
};

/** Why a request failed, in words. */
export function reasonText(reason: FailureReason): string {
  return REASONS[reason];
}

/** The outcome of a request by mark and word, with the reason of a failure. */
export function OutcomeMark(props: {
  outcome: Outcome;
  reason: FailureReason | null;
}) {
  const Icon = ICONS[props.outcome];
  return (
    <span
      className={`${styles.root} ${styles[props.outcome]}`}
      title={props.reason ? REASON_HINTS[props.reason] : HINTS[props.outcome]}
    >
      <Icon aria-hidden="true" />
      <span>
        {props.outcome}
        {props.reason && `: ${REASONS[props.reason]}`}
      </span>
    </span>
  );
}
