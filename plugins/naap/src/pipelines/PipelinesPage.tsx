import { ConnectSection } from './ConnectSection';
import { KafkaSection } from './KafkaSection';
import styles from './Pipelines.module.css';
import { RunHistory } from './RunHistory';
import { StepSection } from './StepSection';

/** The steps of the pipeline, what it reads by itself, who writes the lake, and what ran. */
export function PipelinesPage() {
  return (
    <div className={styles.page}>
      <StepSection />
      <KafkaSection />
      <ConnectSection />
      <RunHistory />
    </div>
  );
}
