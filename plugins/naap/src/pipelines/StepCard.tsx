import { useEntity } from '@backstage/plugin-catalog-react';
import { Skeleton } from '@backstage/ui';
import { NAAP_ANNOTATIONS } from '@naap/plugin-naap-common';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import styles from './Pipelines.module.css';
import { useSteps } from './queries';
import { RunButton } from './RunButton';
import card from './StepCard.module.css';
import { StepFacts } from './StepFacts';

/** The step of the pipeline that belongs to the component, with the way to run it. */
export function StepCard() {
  const { entity } = useEntity();
  const steps = useSteps();
  const id = entity.metadata.annotations?.[NAAP_ANNOTATIONS.step];
  const step = steps.data?.rows.find(row => row.id === id);
  return (
    <section className={styles.card}>
      <h2 className={styles.title}>
        Pipeline step{step && <>: {step.title}</>}
      </h2>
      {steps.isError && !steps.data && (
        <ErrorPanel
          what="The step"
          error={steps.error}
          onRetry={() => steps.refetch()}
        />
      )}
      {steps.isPending && (
        <div className={styles.loading} role="status" aria-label="Loading step">
          <Skeleton className={tokens.skeleton} width="100%" height={96} />
        </div>
      )}
      {steps.data && !step && (
        <EmptyPanel title={`There is no step ${id}`}>
          Install the backend module that brings it.
        </EmptyPanel>
      )}
      {step && (
        <div className={card.body}>
          <p className={styles.muted}>{step.description}</p>
          <StepFacts step={step} />
          <RunButton step={step} />
        </div>
      )}
    </section>
  );
}
