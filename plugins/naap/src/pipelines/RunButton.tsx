import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { StepArguments, StepInfo } from '@naap/plugin-naap-common';
import { RiPlayFill } from '@remixicon/react';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { runRouteRef } from '../routes';
import styles from './RunButton.module.css';
import { RunDialog } from './RunDialog';

/** Why somebody may not run a step; undefined if he may. */
export function refusal(step: StepInfo): string | undefined {
  return step.mayRun
    ? undefined
    : `needs permission ${step.permission}; guests read only`;
}

/** Opens the dialog that runs a step; says why where it is not allowed. */
export function RunButton(props: {
  step: StepInfo;
  label?: string;
  initial?: StepArguments;
}) {
  const { step, label = 'Run', initial } = props;
  const [open, setOpen] = useState(false);
  const runLink = useRouteRef(runRouteRef);
  const navigate = useNavigate();
  const refused = refusal(step);
  return (
    <div className={styles.root}>
      <Button
        size="small"
        variant="secondary"
        iconStart={<RiPlayFill aria-hidden="true" />}
        isDisabled={refused !== undefined}
        aria-label={`${label} ${step.title}`}
        onPress={() => setOpen(true)}
      >
        {label}
      </Button>
      {refused && <p className={styles.refused}>{refused}</p>}
      {open && (
        <RunDialog
          step={step}
          initial={initial}
          onClose={() => setOpen(false)}
          onStarted={run => navigate(runLink?.({ runId: run.id }) ?? '')}
        />
      )}
    </div>
  );
}
