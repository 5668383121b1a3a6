import {
  Button,
  FieldLabel,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { DimensionAnswer, Window } from '@naap/plugin-naap-common';
import { FormEvent, memo, useState } from 'react';
import { fromTimeInput, toTimeInput } from '../lib/time';
import {
  ExplorerState,
  FILTER_DIMENSIONS,
  FilterDimension,
  isFiltered,
  PRESET_HOURS,
  WindowChoice,
  WindowPreset,
} from './explorerState';
import styles from './FilterBar.module.css';
import { FilterSelect } from './FilterSelect';
import { ChangeState } from './useExplorerState';

const PRESET_LABELS: Record<WindowPreset, string> = {
  '1h': '1 h',
  '24h': '24 h',
  '7d': '7 d',
  '30d': '30 d',
};

const DIMENSION_LABELS: Record<
  FilterDimension,
  { label: string; nullLabel: string }
> = {
  region: { label: 'Region', nullLabel: 'no region' },
  gateway: { label: 'Gateway', nullLabel: 'no gateway' },
  model: { label: 'Model', nullLabel: 'no model' },
  orchestrator: { label: 'Orchestrator', nullLabel: 'no orchestrator' },
};

/** Window and filters of the Explorer. */
export const FilterBar = memo(
  (props: {
    choice: WindowChoice;
    filters: ExplorerState['filters'];
    onChange: ChangeState;
    /** The window as it is asked for now. */
    window: Required<Window>;
    dimensions: DimensionAnswer | undefined;
  }) => {
    const { choice, filters, onChange, window, dimensions } = props;
    return (
      <section className={styles.root} aria-label="Window and filters">
        <div className={styles.window}>
          <FieldLabel id="naap-window" label="Window" />
          <ToggleButtonGroup
            aria-labelledby="naap-window"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[choice.preset]}
            onSelectionChange={keys => {
              const [preset] = [...keys] as Array<WindowPreset | 'custom'>;
              onChange({
                window:
                  preset === 'custom' ? { preset, ...window } : { preset },
              });
            }}
          >
            {(Object.keys(PRESET_HOURS) as WindowPreset[]).map(preset => (
              <ToggleButton key={preset} id={preset} size="small">
                {PRESET_LABELS[preset]}
              </ToggleButton>
            ))}
            <ToggleButton id="custom" size="small">
              Custom
            </ToggleButton>
          </ToggleButtonGroup>
        </div>
        {choice.preset === 'custom' && (
          <CustomWindow
            key={`${window.from}/${window.to}`}
            window={window}
            onChange={next =>
              onChange({ window: { preset: 'custom', ...next } })
            }
          />
        )}
        <div className={styles.filters}>
          {FILTER_DIMENSIONS.map(dimension => (
            <FilterSelect
              key={dimension}
              {...DIMENSION_LABELS[dimension]}
              dimension={dimension}
              window={window}
              busiest={dimensions}
              selected={filters[dimension] ?? []}
              onChange={values =>
                onChange({ filters: { ...filters, [dimension]: values } })
              }
            />
          ))}
        </div>
        <Button
          size="small"
          variant="tertiary"
          className={styles.clear}
          isDisabled={!isFiltered(filters)}
          onPress={() => onChange({ filters: {} })}
        >
          Clear filters
        </Button>
      </section>
    );
  },
);

/** From and to in steps of five minutes, taken over together. */
function CustomWindow(props: {
  window: Required<Window>;
  onChange: (window: Required<Window>) => void;
}) {
  const [fromText, setFrom] = useState(toTimeInput(props.window.from));
  const [toText, setTo] = useState(toTimeInput(props.window.to));
  const from = fromTimeInput(fromText);
  const to = fromTimeInput(toText);
  const valid = from !== null && to !== null && from < to;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid) {
      props.onChange({ from, to });
    }
  };
  return (
    <form className={styles.custom} onSubmit={submit}>
      <div className={styles.field}>
        <FieldLabel htmlFor="naap-from" label="From (UTC)" />
        <input
          id="naap-from"
          type="datetime-local"
          step={300}
          value={fromText}
          onChange={event => setFrom(event.target.value)}
        />
      </div>
      <div className={styles.field}>
        <FieldLabel htmlFor="naap-to" label="To (UTC)" />
        <input
          id="naap-to"
          type="datetime-local"
          step={300}
          value={toText}
          aria-invalid={!valid}
          onChange={event => setTo(event.target.value)}
        />
      </div>
      <Button
        size="small"
        type="submit"
        variant="secondary"
        isDisabled={!valid}
      >
        Apply
      </Button>
    </form>
  );
}
