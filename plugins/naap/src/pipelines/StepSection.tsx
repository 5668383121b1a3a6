import { Skeleton } from '@backstage/ui';
import { STEP_IDS, StepInfo } from '@naap/plugin-naap-common';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import styles from './Pipelines.module.css';
import { useSteps } from './queries';
import { RunButton } from './RunButton';
import { StepFacts } from './StepFacts';
import rows from './StepSection.module.css';

/** One row per step of the pipeline, in the order in which data passes them. */
export function StepSection() {
  const steps = useSteps();
  return (
    <section className={styles.card}>
      <h2 className={styles.title}>Steps</h2>
      {steps.isError && (
        <ErrorPanel
          what="The steps"
          error={steps.error}
          onRetry={() => steps.refetch()}
        />
      )}
      {steps.isPending && (
        <div
          className={styles.loading}
          role="status"
          aria-label="Loading steps"
        >
          {STEP_IDS.map(id => (
            <Skeleton
              className={tokens.skeleton}
              key={id}
              width="100%"
              height={56}
            />
          ))}
        </div>
      )}
      {steps.data?.rows.length === 0 && (
        <EmptyPanel title="No steps">
          Install the backend modules that bring them: ingestion, lakehouse, dbt
          and serving.
        </EmptyPanel>
      )}
      {steps.data && (
        <ul className={rows.list}>
          {steps.data.rows.map(step => (
            <StepRow key={step.id} step={step} />
          ))}
        </ul>
      )}
    </section>
  );
}

function StepRow({ step }: { step: StepInfo }) {
  return (
    <li className={rows.row}>
      <div>
        <h3 className={rows.name}>{step.title}</h3>
        <p className={rows.description}>{step.description}</p>
      </div>
      <div className={rows.facts}>
        <StepFacts step={step} />
      </div>
      <RunButton step={step} />
    </li>
  );
}
