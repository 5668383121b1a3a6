import { Button } from '@backstage/ui';
import { RiErrorWarningLine } from '@remixicon/react';
import { ReactNode } from 'react';
import styles from './Panel.module.css';

/** What an error says: the API's own words where it answered. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { cause } = error;
  return cause instanceof Error && cause.message
    ? cause.message
    : error.message;
}

/** Says what failed, what the API said, and offers to try again. */
export function ErrorPanel(props: {
  what: string;
  error: unknown;
  onRetry: () => void;
}) {
  return (
    <div role="alert" className={styles.panel}>
      <RiErrorWarningLine aria-hidden="true" className={styles.bad} />
      <div className={styles.words}>
        <strong>{props.what} could not be loaded.</strong>
        <span className={styles.detail}>{errorText(props.error)}</span>
      </div>
      <Button size="small" variant="secondary" onPress={props.onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** Says why there is nothing and what to do about it. */
export function EmptyPanel(props: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty} data-empty>
      <strong>{props.title}</strong>
      {props.children && <div className={styles.detail}>{props.children}</div>}
    </div>
  );
}
