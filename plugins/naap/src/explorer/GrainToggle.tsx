import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { Window } from '@naap/plugin-naap-common';
import { allowsHours, allowsSlots, Grain } from '../lib/series';

/** By five minutes where the window is that short, by hour or by day. */
export function GrainToggle(props: {
  /** What steps so: "Trend". */
  what: string;
  grain: Grain;
  window: Required<Window>;
  /** Of what is told by the hour alone. */
  hoursAlone?: boolean;
  onChange: (grain: Grain) => void;
}) {
  const { window } = props;
  return (
    <ToggleButtonGroup
      aria-label={`${props.what} by hour or by day`}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.grain]}
      onSelectionChange={keys => props.onChange([...keys][0] as Grain)}
    >
      {!props.hoursAlone && allowsSlots(window) && (
        <ToggleButton id="slot" size="small">
          By 5 min
        </ToggleButton>
      )}
      <ToggleButton id="hour" size="small" isDisabled={!allowsHours(window)}>
        By hour
      </ToggleButton>
      <ToggleButton id="day" size="small">
        By day
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
