import { Skeleton } from '@backstage/ui';
import { memo } from 'react';
import { CardHead } from '../components/Card';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { UtcTime } from '../components/UtcTime';
import { formatCount, NOTHING } from '../lib/format';
import { useSteps } from '../pipelines/queries';
import { RunButton } from '../pipelines/RunButton';
import {
  ComparedPartition,
  comparedPartitions,
  isComplete,
} from './comparison';
import styles from './QualityPage.module.css';

/** Whether the lake has each message of the topics of Kafka that it was filled from, as the last comparison found. */
export const ComparisonSection = memo(() => {
  const steps = useSteps();
  const step = steps.data?.rows.find(({ id }) => id === 'compare');
  const run = step?.lastSuccess;
  const partitions = run && comparedPartitions(run.details);
  return (
    <>
      <CardHead
        title="Kafka and lake"
        subtitle="whether each message of a topic is there, once, by where it lay; compared each night"
      >
        {step && <RunButton step={step} label="Compare now" />}
      </CardHead>
      {steps.isError && !steps.data && (
        <ErrorPanel
          what="The comparison"
          error={steps.error}
          onRetry={() => steps.refetch()}
        />
      )}
      {steps.isPending && (
        <div
          className={styles.loading}
          role="status"
          aria-label="Loading the comparison"
        >
          <Skeleton className={tokens.skeleton} width="100%" height={96} />
        </div>
      )}
      {steps.data && !partitions && (
        <EmptyPanel title={NOTHING}>Nobody has compared them yet.</EmptyPanel>
      )}
      {partitions?.length === 0 && (
        <EmptyPanel title="None">
          Nothing that is in the lake came by Kafka when it was looked at.
        </EmptyPanel>
      )}
      {partitions && partitions.length > 0 && (
        <Partitions partitions={partitions} />
      )}
      {run?.finishedAt && (
        <p className={styles.note}>
          Compared <UtcTime iso={run.finishedAt} /> UTC, without the hour before
          that.
        </p>
      )}
    </>
  );
});

const countOf = (n: number | null) => (n === null ? NOTHING : formatCount(n));

const wordOf = (complete: boolean | null) => {
  if (complete === null) return NOTHING;
  return complete ? 'yes' : 'no';
};

function Partitions({ partitions }: { partitions: ComparedPartition[] }) {
  return (
    <Scroller className={styles.scroller} label="Kafka and lake">
      <table className={styles.table} aria-label="Kafka and lake">
        <thead>
          <tr>
            <th scope="col">Partition</th>
            <th scope="col">Each once</th>
            {['Read', 'Missing', 'Repeated', 'Surplus', 'Gaps', 'Overlaps'].map(
              title => (
                <th key={title} scope="col" className={styles.numeric}>
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {partitions.map(one => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{wordOf(isComplete(one))}</td>
              <td className={styles.numeric}>{countOf(one.read)}</td>
              <td className={styles.numeric}>{countOf(one.missing)}</td>
              <td className={styles.numeric}>{countOf(one.repeated)}</td>
              <td className={styles.numeric}>{countOf(one.surplus)}</td>
              <td className={styles.numeric}>{countOf(one.gaps)}</td>
              <td className={styles.numeric}>{countOf(one.overlaps)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
