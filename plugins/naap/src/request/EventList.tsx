import { Button } from '@backstage/ui';
import { RequestEvent } from '@naap/plugin-naap-common';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { CopyButton } from '../components/CopyButton';
import { UtcTime } from '../components/UtcTime';
import { cutMiddle } from '../lib/format';
import styles from './EventList.module.css';
import { eventLabel, eventSummary, offsetText, prettyRaw } from './parseEvent';

const STEP = 200;
const SUMMARY_LENGTH = 90;

/** The raw events of a request in the order of their envelopes; each opens to the message as it came in. */
export function EventList(props: {
  events: readonly RequestEvent[];
  requestedAt: string;
}) {
  const { events, requestedAt } = props;
  const [shown, setShown] = useState(STEP);
  const target = useTargetEvent(events);
  const count = Math.max(shown, target + 1);
  return (
    <>
      <ol className={styles.list}>
        {events.slice(0, count).map((event, index) => (
          <EventItem
            key={event.event_id}
            event={event}
            requestedAt={requestedAt}
            target={index === target}
          />
        ))}
      </ol>
      {count < events.length && (
        <div className={styles.more}>
          <Button
            size="small"
            variant="secondary"
            onPress={() => setShown(count + STEP)}
          >
            Show {Math.min(STEP, events.length - count)} more of{' '}
            {events.length - count}
          </Button>
        </div>
      )}
    </>
  );
}

/** The index of the event that the fragment of the URL names, or −1. */
function useTargetEvent(events: readonly RequestEvent[]): number {
  const { hash } = useLocation();
  const id = hash.startsWith('#event-') ? decode(hash.slice(7)) : null;
  return id === null ? -1 : events.findIndex(event => event.event_id === id);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function EventItem(props: {
  event: RequestEvent;
  requestedAt: string;
  target: boolean;
}) {
  const { event, requestedAt, target } = props;
  const [open, setOpen] = useState(false);
  const summary = useMemo(() => eventSummary(event), [event]);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (target && element) {
      setOpen(true);
      element.scrollIntoView({ block: 'center' });
    }
  }, [target, element]);
  return (
    <li id={`event-${event.event_id}`} ref={setElement} className={styles.item}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span aria-hidden="true" className={styles.chevron}>
            {open ? '▾' : '▸'}
          </span>
          <span className={styles.offset}>
            {offsetText(event, requestedAt)}
          </span>
          <span className={styles.label} title={event.subtype ?? event.type}>
            {cutMiddle(eventLabel(event), 60)}
            {summary && (
              <span className={styles.summary} title={summary}>
                {cutMiddle(summary, SUMMARY_LENGTH)}
              </span>
            )}
          </span>
          <span className={styles.type}>{event.type}</span>
          <span className={styles.time}>
            <UtcTime iso={event.event_time} seconds />
          </span>
        </button>
        <CopyButton text={event.raw} what="raw event" />
      </div>
      {open && <pre className={styles.raw}>{prettyRaw(event.raw)}</pre>}
    </li>
  );
}
