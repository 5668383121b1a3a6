import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Skeleton } from '@backstage/ui';
import { NAAP_ANNOTATIONS, StepInfo } from '@naap/plugin-naap-common';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import styles from './Pipelines.module.css';
import { useSteps } from './queries';
import { RunButton } from './RunButton';
import card from './StepCard.module.css';
import { StepFacts } from './StepFacts';

/** The steps of the pipeline that belong to the component, with the way to run them. */
export function StepCard() {
  const { entity } = useEntity();
  const steps = useSteps();
  const id = entity.metadata.annotations?.[NAAP_ANNOTATIONS.step];
  const ref = stringifyEntityRef(entity);
  const own = steps.data?.rows.filter(
    step => step.id === id || step.component === ref,
  );
  return (
    <section className={styles.card}>
      {!own?.length && <h2 className={styles.title}>Pipeline step</h2>}
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
      {own?.length === 0 && (
        <EmptyPanel title={`There is no step ${id}`}>
          Install the backend module that brings it.
        </EmptyPanel>
      )}
      {own?.map(step => (
        <Step key={step.id} step={step} />
      ))}
    </section>
  );
}

function Step({ step }: { step: StepInfo }) {
  return (
    <>
      <h2 className={styles.title}>Pipeline step: {step.title}</h2>
      <div className={card.body}>
        <p className={styles.muted}>{step.description}</p>
        <StepFacts step={step} />
        <RunButton step={step} />
      </div>
    </>
  );
}
