import { Skeleton } from '@backstage/ui';
import { IngestStatsRow, Window } from '@naap/plugin-naap-common';
import { lazy, memo, Suspense, useMemo } from 'react';
import { CardHead } from '../components/Card';
import { EmptyPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { GrainToggle } from '../explorer/GrainToggle';
import { ExportMenu } from '../export/ExportMenu';
import { ExportMeta } from '../export/table';
import { atLeastHour, Grain, grainOf } from '../lib/series';
import { classSteps, exportClasses } from './classSeries';
import { ChangeQuality } from './useQualityState';

const ClassChart = lazy(() =>
  import('./ClassChart').then(m => ({ default: m.ClassChart })),
);
const CHART_HEIGHT = 360;

/** What came in over time, by class. */
export const ClassSection = memo(
  (props: {
    rows: readonly IngestStatsRow[] | undefined;
    window: Required<Window>;
    grain: Grain | null;
    meta: ExportMeta;
    onChange: ChangeQuality;
  }) => {
    const { rows, window, meta, onChange } = props;
    const grain = atLeastHour(grainOf(window, props.grain));
    const steps = useMemo(
      () => rows && classSteps(rows, grain, window, Date.now()),
      [rows, grain, window],
    );
    const skeleton = (
      <Skeleton
        className={tokens.skeleton}
        width="100%"
        height={CHART_HEIGHT}
        role="status"
        aria-label="Loading messages by class"
      />
    );
    return (
      <>
        <CardHead title="Classes over time" subtitle="every message is in one">
          <GrainToggle
            what="Classes"
            grain={grain}
            window={window}
            hoursAlone
            onChange={next => onChange({ grain: next })}
          />
          {steps && (
            <ExportMenu
              what="messages by class"
              load={() => ({ table: exportClasses(steps, grain), meta })}
            />
          )}
        </CardHead>
        {!steps && skeleton}
        {steps && !rows?.length && (
          <EmptyPanel title="No message in this window">
            Choose a longer one, or see on the Explorer how messages get here.
          </EmptyPanel>
        )}
        {steps && Boolean(rows?.length) && (
          <Suspense fallback={skeleton}>
            <ClassChart steps={steps} grain={grain} />
          </Suspense>
        )}
      </>
    );
  },
);
