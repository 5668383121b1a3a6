import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { Grain } from '../lib/series';

/** By hour or by day. */
export function GrainToggle(props: {
  /** What steps so: "Trend". */
  what: string;
  grain: Grain;
  /** False where the window is too long for hours. */
  hours: boolean;
  onChange: (grain: Grain) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={`${props.what} by hour or by day`}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.grain]}
      onSelectionChange={keys => props.onChange([...keys][0] as Grain)}
    >
      <ToggleButton id="hour" size="small" isDisabled={!props.hours}>
        By hour
      </ToggleButton>
      <ToggleButton id="day" size="small">
        By day
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
