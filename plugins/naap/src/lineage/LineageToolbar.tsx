import {
  Button,
  SearchField,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { formatCount, formatCountOf } from '../lib/format';
import styles from './LineageToolbar.module.css';
import { DEPTHS, LineageViewState } from './lineageState';
import { ChangeLineage } from './useLineageState';

/** Search, depth around the selection with what it hides, and the choice between graph and table. */
export function LineageToolbar(props: {
  state: LineageViewState;
  view: 'graph' | 'table';
  found: number;
  hidden: number;
  hasSelection: boolean;
  onChange: ChangeLineage;
  onNextFound: () => void;
}) {
  const { state, view, found, hidden, onChange } = props;
  return (
    <div className={styles.root}>
      <div className={styles.search}>
        <SearchField
          size="small"
          aria-label="Search nodes"
          placeholder="Search nodes"
          value={state.search}
          onChange={search => onChange({ search })}
          onSubmit={props.onNextFound}
        />
      </div>
      {state.search && (
        <span className={styles.note} role="status">
          {formatCount(found)} found
          {found > 0 && (
            <Button size="small" variant="tertiary" onPress={props.onNextFound}>
              Go to next
            </Button>
          )}
        </span>
      )}
      {props.hasSelection && (
        <span className={styles.group}>
          <ToggleButtonGroup
            aria-label="Depth around the selection"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[state.depth]}
            onSelectionChange={keys =>
              onChange({
                depth: DEPTHS.find(depth => keys.has(depth)) ?? 'all',
              })
            }
          >
            {DEPTHS.map(depth => (
              <ToggleButton key={depth} id={depth} size="small">
                {depth}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <span className={styles.note} role="status">
            {hidden > 0
              ? `${formatCountOf(hidden, 'nodes')} hidden`
              : 'none hidden'}
          </span>
        </span>
      )}
      <span className={styles.view}>
        <ToggleButtonGroup
          aria-label="View"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[view]}
          onSelectionChange={keys =>
            onChange({ view: keys.has('table') ? 'table' : 'graph' })
          }
        >
          <ToggleButton id="graph" size="small">
            Graph
          </ToggleButton>
          <ToggleButton id="table" size="small">
            Table
          </ToggleButton>
        </ToggleButtonGroup>
      </span>
    </div>
  );
}
