import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { Run, StepInfo } from '@naap/plugin-naap-common';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { errorText } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { runRouteRef } from '../routes';
import { useRunCall } from './queries';
import styles from './RunActions.module.css';
import { refusal } from './RunButton';
import { isOver } from './runs';

/** Cancel while it runs, run again when it is over; with the reason where it is not allowed. */
export function RunActions(props: { run: Run; step: StepInfo | undefined }) {
  const { run, step } = props;
  const [asking, setAsking] = useState(false);
  const runLink = useRouteRef(runRouteRef);
  const navigate = useNavigate();
  const cancel = useRunCall((api, id: string) => api.cancelRun(id));
  const retry = useRunCall(
    (api, id: string) => api.retryRun(id),
    next => navigate(runLink?.({ runId: next.id }) ?? ''),
  );
  const refused = step && refusal(step);
  const error = cancel.error ?? retry.error;
  const cancelling = cancel.isPending || cancel.isSuccess;
  return (
    <div className={styles.root}>
      {(refused || error) && (
        <span className={error ? styles.failed : styles.refused}>
          {error ? errorText(error) : refused}
        </span>
      )}
      {isOver(run) ? (
        <Button
          size="small"
          variant="secondary"
          isDisabled={!step?.mayRun || retry.isPending}
          onPress={() => retry.mutate(run.id)}
        >
          Run again
        </Button>
      ) : (
        <Button
          size="small"
          variant="secondary"
          isDisabled={!step?.mayRun || cancelling}
          onPress={() => setAsking(true)}
        >
          {cancelling ? 'Cancelling' : 'Cancel'}
        </Button>
      )}
      <Dialog isOpen={asking} width={420} onOpenChange={setAsking}>
        <DialogHeader>Cancel this run?</DialogHeader>
        <DialogBody>
          <p className={`${tokens.root} ${styles.text}`}>
            What it did so far stays sound. What it did not do is done by the
            next run.
          </p>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            onPress={() => {
              setAsking(false);
              cancel.mutate(run.id);
            }}
          >
            Cancel the run
          </Button>
          <Button variant="secondary" onPress={() => setAsking(false)}>
            Let it run
          </Button>
        </DialogFooter>
      </Dialog>
    </div>
  );
}
