import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import styles from './CopyButton.module.css';

const SHOWN_MS = 1500;

async function copy(text: string) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Over plain http from another machine there is no clipboard API.
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** Copies a text; says so by its mark and its label. */
export function CopyButton(props: { text: string; what: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') {
      return undefined;
    }
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const label = {
    idle: `Copy ${props.what}`,
    copied: 'Copied',
    failed: 'The browser did not allow to copy',
  }[state];
  const Icon = state === 'copied' ? RiCheckLine : RiFileCopyLine;
  // A plain button: one stands in every row of a table, and rows come and go with every scroll.
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      title={label}
      onClick={() =>
        copy(props.text).then(
          () => setState('copied'),
          () => setState('failed'),
        )
      }
    >
      <Icon aria-hidden="true" />
    </button>
  );
}
