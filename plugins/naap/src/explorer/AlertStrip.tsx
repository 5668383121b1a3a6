import { FreshnessAnswer } from '@naap/plugin-naap-common';
import {
  RiErrorWarningLine,
  RiFlaskLine,
  RiHardDrive2Line,
  RiHistoryLine,
  RiWifiOffLine,
} from '@remixicon/react';
import { ReactNode } from 'react';
import { errorText } from '../components/Panel';
import { useNow } from '../components/useNow';
import { useOnline } from '../components/useOnline';
import { UtcTime } from '../components/UtcTime';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatValue,
} from '../lib/format';
import { formatAge } from '../lib/time';
import type { RejectedShare } from '../quality/rejectedShare';
import styles from './AlertStrip.module.css';

const STALE_MS = 5 * 60 * 1000;
const MESSAGE_LENGTH = 160;

/** Numbers over five minutes old are called stale, with their age in words. */
function StaleNotice({ watermark }: { watermark: string }) {
  const age = useNow() - Date.parse(watermark);
  if (age <= STALE_MS) {
    return null;
  }
  return (
    <Notice tone="warn" icon={<RiHistoryLine />}>
      <strong>Stale numbers.</strong> The newest event came {formatAge(age)} (
      <UtcTime iso={watermark} /> UTC).
    </Notice>
  );
}

function OfflineNotice() {
  return (
    <Notice tone="bad" icon={<RiWifiOffLine />}>
      <strong>You are offline.</strong> This page shows what was loaded last; it
      refreshes by itself when the connection is back.
    </Notice>
  );
}

function Notice(props: {
  tone: 'info' | 'warn' | 'bad';
  icon: ReactNode;
  children: ReactNode;
}) {
  return (
    <p className={`${styles.notice} ${styles[props.tone]}`}>
      <span aria-hidden="true" className={styles.icon}>
        {props.icon}
      </span>
      <span>{props.children}</span>
    </p>
  );
}

/** One line for each thing that is wrong with the numbers below; nothing when all is well. */
export function AlertStrip(props: {
  freshness: FreshnessAnswer | undefined;
  error: Error | null;
  /** Undefined and null: nothing is known of it. */
  rejected?: RejectedShare | null;
}) {
  const { freshness, error, rejected } = props;
  const online = useOnline();
  if (!freshness) {
    return online ? null : (
      <div className={styles.root} role="status">
        <OfflineNotice />
      </div>
    );
  }
  const { build, loop, simulated, storage, watermark } = freshness;
  return (
    <div className={styles.root} role="status">
      {!online && <OfflineNotice />}
      {error && online && (
        <Notice tone="bad" icon={<RiErrorWarningLine />}>
          <strong>The API does not answer.</strong> Below is what was loaded
          last; it refreshes by itself when the API is back. (
          {cutMiddle(errorText(error), MESSAGE_LENGTH)})
        </Notice>
      )}
      {storage.full && (
        <Notice tone="bad" icon={<RiHardDrive2Line />}>
          <strong>The disk is full:</strong> new events are refused until there
          is more room ({formatCount(Math.floor(storage.freeBytes / 1024 ** 2))}{' '}
          MB are free). All that was taken is kept, and it goes on by itself.
        </Notice>
      )}
      {loop.lastError && (
        <Notice tone="bad" icon={<RiErrorWarningLine />}>
          <strong>The step “{loop.lastError.step}” failed</strong> at{' '}
          <UtcTime iso={loop.lastError.at} /> UTC, so new events are not shown:{' '}
          <span title={loop.lastError.message}>
            {cutMiddle(loop.lastError.message, MESSAGE_LENGTH)}
          </span>
        </Notice>
      )}
      {build && build.tests.failed > 0 && (
        <Notice tone="bad" icon={<RiErrorWarningLine />}>
          <strong>
            {formatCountOf(build.tests.failed, 'data tests')} failed
          </strong>{' '}
          in the build of <UtcTime iso={build.at} /> UTC that made these
          numbers.
        </Notice>
      )}
      {rejected?.alarming && (
        <Notice tone="warn" icon={<RiErrorWarningLine />}>
          <strong>
            {formatValue(rejected.share, 'fraction')} of the messages rejected
          </strong>{' '}
          in the hour of <UtcTime iso={rejected.hour} /> UTC (
          {formatCount(rejected.rejected)} of {formatCount(rejected.read)};{' '}
          {rejected.normal === null
            ? 'the first hour with messages'
            : `normal is ${formatValue(rejected.normal, 'fraction')}`}
          ).
        </Notice>
      )}
      {watermark && <StaleNotice watermark={watermark} />}
      {simulated && (
        <Notice tone="info" icon={<RiFlaskLine />}>
          <strong>Simulated data.</strong> These numbers come at least partly
          from the simulator.
        </Notice>
      )}
    </div>
  );
}
