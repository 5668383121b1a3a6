import { Button } from '@backstage/ui';
import { EmptyPanel } from '../components/Panel';
import {
  PRESET_HOURS,
  WindowChoice,
  WindowPreset,
} from '../explorer/explorerState';
import { presetLabel } from '../explorer/windowText';
import { formatDay } from '../lib/time';
import styles from './Scorecard.module.css';
import { Subject } from './subject';

/** The subject has nothing in this window: says when the events named it last, and offers wider windows. */
export function EmptyScorecard(props: {
  subject: Subject;
  choice: WindowChoice;
  onWindow: (choice: WindowChoice) => void;
}) {
  const { subject, choice, onWindow } = props;
  const presets = Object.keys(PRESET_HOURS) as WindowPreset[];
  const wider = presets.slice(
    choice.preset === 'custom' ? 0 : presets.indexOf(choice.preset) + 1,
  );
  return (
    <div className={styles.panel}>
      <EmptyPanel title={`No request of this ${subject.kind} in this window`}>
        {subject.lastSeen &&
          `Events named it last on ${formatDay(
            new Date(subject.lastSeen),
            new Date(),
          )}.`}
        {wider.length > 0 && (
          <div className={styles.actions}>
            {wider.map(preset => (
              <Button
                key={preset}
                size="small"
                variant="secondary"
                onPress={() => onWindow({ preset })}
              >
                Show {presetLabel(preset)}
              </Button>
            ))}
          </div>
        )}
      </EmptyPanel>
    </div>
  );
}
