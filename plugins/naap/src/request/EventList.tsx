import { Button } from '@backstage/ui';
import { RequestEvent } from '@naap/plugin-naap-common';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { CopyButton } from '../components/CopyButton';
import {
  DownloadMessage,
  RawWithheld,
  SHOWN_BYTES,
} from '../components/RawMessage';
import { UtcTime } from '../components/UtcTime';
import { cutMiddle, formatCount } from '../lib/format';
import styles from './EventList.module.css';
import { eventLabel, eventSummary, offsetText, prettyRaw } from './parseEvent';

const STEP = 200;
const SUMMARY_LENGTH = 90;

/** The events of a request in the order of their envelopes; each opens to the message that it came in. */
export function EventList(props: {
  events: readonly RequestEvent[];
  requestedAt: string;
  /** Whether messages may be read. */
  readable: boolean;
}) {
  const { events, requestedAt, readable } = props;
  const [shown, setShown] = useState(STEP);
  const target = useTargetEvent(events);
  const count = Math.max(shown, target + 1);
  return (
    <>
      {!readable && events.length > 0 && <RawWithheld />}
      <ol className={styles.list}>
        {events.slice(0, count).map((event, index) => (
          <EventItem
            key={`${event.partition}:${event.offset}`}
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
        {event.raw !== null && event.raw_length <= SHOWN_BYTES && (
          <CopyButton text={event.raw} what="raw event" />
        )}
      </div>
      {open && <Message event={event} />}
    </li>
  );
}

/** The message, or as much of it as is shown in a list. */
function Message({ event }: { event: RequestEvent }) {
  const { raw, raw_length: length } = event;
  if (raw === null) {
    return (
      <p className={styles.facts}>
        {formatCount(length)} bytes at offset {formatCount(event.offset)}
      </p>
    );
  }
  const isCut = length > SHOWN_BYTES;
  return (
    <>
      <pre className={styles.raw}>{isCut ? `${raw}…` : prettyRaw(raw)}</pre>
      {isCut && (
        <p className={styles.facts}>
          The first {formatCount(SHOWN_BYTES)} of {formatCount(length)} bytes{' '}
          <DownloadMessage place={event} />
        </p>
      )}
    </>
  );
}
