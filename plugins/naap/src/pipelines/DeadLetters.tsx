import { Button } from '@backstage/ui';
import { DeadLetterRow } from '@naap/plugin-naap-common';
import { useState } from 'react';
import { errorText } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import { UtcTime } from '../components/UtcTime';
import { formatCount, formatCountOf } from '../lib/format';
import { rawText } from '../quality/rawText';
import styles from './ConnectSection.module.css';
import { useDeadLetters } from './queries';

/** What connectors could not read: how many, and on demand the newest. */
export function DeadLetters({ total }: { total: number | null }) {
  const [open, setOpen] = useState(false);
  const letters = useDeadLetters(open);
  if (total === null) return null;
  if (total === 0) {
    return <p className={styles.letters}>No dead letters: all was read.</p>;
  }
  return (
    <div className={styles.letters}>
      <p role="alert" className={styles.failed}>
        Not in the lake, as they can&apos;t be read:{' '}
        {formatCountOf(total, 'records')}.
      </p>
      <Button
        size="small"
        variant="secondary"
        aria-expanded={open}
        onPress={() => setOpen(!open)}
      >
        {open ? 'Hide them' : 'Show the newest'}
      </Button>
      {open && letters.error && <p>{errorText(letters.error)}</p>}
      {open && (
        <ul className={styles.list}>
          {letters.data?.rows.map(row => (
            <Letter key={`${row.partition}/${row.offset}`} row={row} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** A record comes from a stranger: it is text, and what would hide in it is seen. */
function Letter({ row }: { row: DeadLetterRow }) {
  const { source, raw_base64: base64, raw_length: length } = row;
  return (
    <li>
      <p>
        <UtcTime iso={row.at} seconds /> UTC · {row.connector ?? 'unknown'}
        {source &&
          ` · ${source.topic}/${source.partition}, offset ${source.offset}`}
        {row.stage && ` · ${row.stage}`} · {formatCount(length)} bytes
      </p>
      <p className={styles.note}>
        {[row.error, row.message].filter(Boolean).join(': ')}
      </p>
      {base64 !== null && (
        <Scroller as="pre" className={styles.raw} label="Record as it came in">
          {rawText(base64).text || '(empty)'}
        </Scroller>
      )}
    </li>
  );
}
