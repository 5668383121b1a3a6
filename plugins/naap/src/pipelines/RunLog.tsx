import { Button, Select } from '@backstage/ui';
import { RunLogLevel, RunLogLine } from '@naap/plugin-naap-common';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { CopyButton } from '../components/CopyButton';
import { EmptyPanel, errorText } from '../components/Panel';
import { REACHABLE } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { download } from '../export/download';
import { formatCount, formatCountOf } from '../lib/format';
import styles from './Pipelines.module.css';
import log from './RunLog.module.css';
import { atLeast, LOG_LEVELS, logText, onOneLine } from './logLines';
import { RunLogState, useRunLog } from './useRunLog';

const LINE_HEIGHT = 20;
const MOST_HEIGHT = 420;
// So near the end still counts as at the end.
const NEAR_PX = 2 * LINE_HEIGHT;
const ANNOUNCE_MS = 10_000;

const CONNECTION: Record<RunLogState['connection'], string> = {
  connecting: 'connecting',
  live: 'live',
  broken: 'the connection broke; trying again',
  ended: 'ended',
};

/** The log of a run, live. It stays at its end until the reader scrolls up. */
export function RunLog({ runId }: { runId: string }) {
  const { lines, connection, error } = useRunLog(runId);
  const [level, setLevel] = useState<RunLogLevel>('debug');
  const shown = useMemo(() => atLeast(lines, level), [lines, level]);
  const status = `${formatCountOf(lines.length, 'lines')}, ${
    CONNECTION[connection]
  }`;
  return (
    <section className={styles.card}>
      <div className={log.toolbar}>
        <h3 className={styles.title}>
          Log <span className={styles.muted}>{status}</span>
        </h3>
        <div className={log.tools}>
          <Select
            size="small"
            aria-label="Level"
            options={LOG_LEVELS.map(name => ({
              id: name,
              label: name === 'debug' ? 'All levels' : `${name} and above`,
            }))}
            value={level}
            onChange={key =>
              setLevel(LOG_LEVELS.find(name => name === key) ?? 'debug')
            }
          />
          <CopyButton text={logText(shown)} what="log" />
          <Button
            size="small"
            variant="tertiary"
            isDisabled={shown.length === 0}
            onPress={() =>
              download(`run-${runId}.log`, logText(shown), 'text/plain')
            }
          >
            Download
          </Button>
        </div>
      </div>
      {error && (
        <p role="alert" className={log.broken}>
          The log could not be followed: {errorText(error)}
        </p>
      )}
      {shown.length > 0 ? (
        <Lines lines={shown} />
      ) : (
        <EmptyPanel
          title={
            connection === 'ended' || lines.length > 0
              ? 'No lines'
              : 'No lines yet'
          }
        >
          {lines.length > 0 &&
            `None of ${formatCount(
              lines.length,
            )} is of level ${level} or above.`}
        </EmptyPanel>
      )}
      <Announcement text={`Log: ${status}`} />
    </section>
  );
}

function Lines({ lines }: { lines: readonly RunLogLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  const items = virtualizer.getVirtualItems();
  const total = virtualizer.getTotalSize();
  const above = items.length ? items[0].start : 0;
  const below = items.length ? total - items[items.length - 1].end : 0;

  useLayoutEffect(() => {
    if (following && scroller.current) {
      scroller.current.scrollTop = scroller.current.scrollHeight;
    }
  }, [following, total]);

  return (
    <div className={log.frame}>
      <div
        ref={scroller}
        className={log.scroller}
        role="log"
        aria-label="Lines of the log"
        aria-live="off"
        {...REACHABLE}
        style={{ height: Math.min(MOST_HEIGHT, total + LINE_HEIGHT) }}
        onScroll={({ currentTarget: box }) =>
          setFollowing(
            box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX,
          )
        }
      >
        <div
          className={log.lines}
          style={{ paddingTop: above, paddingBottom: below }}
        >
          {items.map(({ index }) => (
            <Line key={lines[index].seq} line={lines[index]} />
          ))}
        </div>
      </div>
      {!following && (
        <div className={log.follow}>
          <Button
            size="small"
            variant="primary"
            onPress={() => setFollowing(true)}
          >
            Follow
          </Button>
        </div>
      )}
    </div>
  );
}

function Line({ line }: { line: RunLogLine }) {
  return (
    <div className={`${log.line} ${log[line.level]}`} title={line.message}>
      <time dateTime={line.at} className={log.at}>
        {line.at.slice(11, 23)}
      </time>{' '}
      <span className={log.level}>{line.level.padEnd(5)}</span>{' '}
      {onOneLine(line.message)}
    </div>
  );
}

/** Says where the log stands, at most every ten seconds. */
function Announcement({ text }: { text: string }) {
  const latest = useRef(text);
  latest.current = text;
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className={tokens.visuallyHidden} role="status">
      {said}
    </p>
  );
}
