import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import {
  PRESET_HOURS,
  WindowChoice,
  WindowPreset,
} from '../explorer/explorerState';
import { presetLabel } from '../explorer/windowText';

const PRESETS = Object.keys(PRESET_HOURS) as WindowPreset[];

/** Chooses one of the windows that end now. A window of one's own is in the URL alone, and then none is chosen. */
export function WindowToggle(props: {
  choice: WindowChoice;
  onChange: (choice: WindowChoice) => void;
}) {
  const { preset } = props.choice;
  return (
    <ToggleButtonGroup
      aria-label="Window"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={preset === 'custom' ? [] : [preset]}
      onSelectionChange={keys =>
        props.onChange({ preset: [...keys][0] as WindowPreset })
      }
    >
      {PRESETS.map(id => (
        <ToggleButton key={id} id={id} size="small">
          {presetLabel(id)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
