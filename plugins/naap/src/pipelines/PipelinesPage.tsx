import styles from './Pipelines.module.css';
import { RunHistory } from './RunHistory';
import { StepSection } from './StepSection';

/** The steps of the pipeline and what ran. */
export function PipelinesPage() {
  return (
    <div className={styles.page}>
      <StepSection />
      <RunHistory />
    </div>
  );
}
