import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import { useDimensions, useFreshness } from '../api/queries';
import { EmptyPanel } from '../components/Panel';
import { WindowToggle } from '../components/WindowToggle';
import { AlertStrip } from '../explorer/AlertStrip';
import { NoEvents } from '../explorer/EmptyStates';
import { formatWindow, resolveWindow } from '../explorer/explorerState';
import { FilterSelect } from '../explorer/FilterSelect';
import { useSame } from '../explorer/useExplorerState';
import { windowText } from '../explorer/windowText';
import { rootRouteRef } from '../routes';
import styles from './ComparePage.module.css';
import { CompareKind, MOST_COMPARED } from './compareState';
import { Comparison } from './Comparison';
import { useCompareState } from './useCompareState';

const isNamed = (value: string | null) => value !== null;

/** Two to four orchestrators or models side by side. */
export function ComparePage() {
  const [state, change] = useCompareState();
  const { kind } = state;
  const ids = useSame(state.ids);
  const window = useSame(resolveWindow(state.window, Date.now()));
  const freshness = useFreshness();
  const dimensions = useDimensions(window);
  const explorer = useRouteRef(rootRouteRef)?.() ?? '/';
  const nothingServed = freshness.data?.watermark === null;
  return (
    <div className={styles.page}>
      <AlertStrip freshness={freshness.data} error={freshness.error} />
      <Link
        href={`${explorer}?${formatWindow(state.window)}`}
        className={styles.back}
        standalone
      >
        <RiArrowLeftLine aria-hidden="true" /> Explorer
      </Link>
      <header className={styles.head}>
        <h2 className={styles.title}>
          Compare
          <span className={styles.subtitle}>
            {windowText(window, freshness.data?.firstHour)}
          </span>
        </h2>
        <WindowToggle
          choice={state.window}
          onChange={choice => change({ window: choice })}
        />
      </header>
      <section className={styles.pick} aria-label="What is compared">
        <ToggleButtonGroup
          aria-label="Compare orchestrators or models"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[kind]}
          onSelectionChange={keys =>
            change({ kind: [...keys][0] as CompareKind, ids: [] })
          }
        >
          <ToggleButton id="orchestrator" size="small">
            Orchestrators
          </ToggleButton>
          <ToggleButton id="model" size="small">
            Models
          </ToggleButton>
        </ToggleButtonGroup>
        <div className={styles.picker}>
          <FilterSelect
            label={
              kind === 'model'
                ? 'Models, up to four'
                : 'Orchestrators, up to four'
            }
            placeholder="Choose"
            nullLabel=""
            dimension={kind}
            window={window}
            busiest={dimensions.data}
            offers={isNamed}
            selected={ids}
            onChange={chosen =>
              change({
                ids: chosen
                  .filter((id): id is string => id !== null)
                  .slice(0, MOST_COMPARED),
              })
            }
          />
        </div>
        {ids.length === 1 && (
          <span className={styles.hint}>
            Choose one to three more to compare.
          </span>
        )}
      </section>
      {nothingServed && <NoEvents />}
      {!nothingServed && ids.length === 0 && (
        <div className={styles.panel}>
          <EmptyPanel title={`No ${kind} chosen`}>
            Choose two to four of them above, or pick them in the table of the
            Explorer.
          </EmptyPanel>
        </div>
      )}
      {!nothingServed && ids.length > 0 && (
        <Comparison
          // Those of one kind never stand under the names of the other.
          key={kind}
          kind={kind}
          ids={ids}
          choice={state.window}
          window={window}
          kpi={state.kpi}
          onChange={change}
        />
      )}
    </div>
  );
}
