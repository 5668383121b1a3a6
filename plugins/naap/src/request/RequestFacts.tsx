import { RequestEvent, RequestRow } from '@naap/plugin-naap-common';
import { ReactNode } from 'react';
import { CopyButton } from '../components/CopyButton';
import {
  cutMiddle,
  formatCountOf,
  formatDuration,
  formatValue,
  NOTHING,
  shortAddress,
} from '../lib/format';
import { DurationFact, evidenceOf } from './evidence';
import { eventLabel, offsetText } from './parseEvent';
import styles from './RequestFacts.module.css';

const LENGTH = 34;

/** What the platform computed of a request, each duration with the two events that it came from. */
export function RequestFacts(props: {
  request: RequestRow;
  events: readonly RequestEvent[];
}) {
  const { request, events } = props;
  return (
    <div className={styles.columns}>
      <dl className={styles.list} aria-label="Durations and quality">
        <DurationRow
          name="Prompt-to-first-frame"
          fact="ptff_ms"
          why="No first processed segment"
          request={request}
          events={events}
        />
        <DurationRow
          name="E2E stream latency"
          fact="e2e_ms"
          why="Not both edges on one orchestrator"
          request={request}
          events={events}
        />
        <DurationRow
          name="Startup time"
          fact="startup_ms"
          why="No few processed segments"
          request={request}
          events={events}
        />
        <Row name="Output FPS">
          <Value
            text={
              request.fps_mean === null
                ? null
                : formatValue(request.fps_mean, 'fps')
            }
            why="No output sample"
          />
          {request.fps_samples > 0 && (
            <Note>{formatCountOf(request.fps_samples, 'output samples')}</Note>
          )}
        </Row>
        <Row name="Jitter coefficient">
          <Value
            text={
              request.jitter === null
                ? null
                : formatValue(request.jitter, 'ratio')
            }
            why="Fewer than three output samples on its own orchestrator"
          />
        </Row>
      </dl>
      <dl className={styles.list} aria-label="Identity">
        <Row name="Orchestrator">
          <Text
            value={request.orchestrator}
            short={shortAddress}
            why="No trace or status resolves to an address"
            copy="address"
          />
          {request.identity && (
            <Note
              title={
                request.identity === 'canonical'
                  ? 'The on-chain identity, found by a capability report'
                  : 'The address as reported: no capability report resolves it'
              }
            >
              {request.identity}
            </Note>
          )}
        </Row>
        <Row name="URL">
          <Text value={request.orch_uri} why="No URL was reported" copy="URL" />
        </Row>
        <Row name="Model">
          <Text value={request.model} why="No message names a model" />
          {request.warm !== null && (
            <Note>{request.warm ? 'warm' : 'cold'}</Note>
          )}
        </Row>
        <Row name="GPU">
          <Text value={request.gpu} why="GPU unknown" />
        </Row>
        <Row name="Pipeline">
          <Text value={request.pipeline} why="Pipeline unknown" />
        </Row>
        <Row name="Gateway">
          <Text value={request.gateway || null} why="No message names one" />
          <Note>{request.region ?? 'region unknown'}</Note>
        </Row>
        <Row name="Stream">
          <Text value={request.stream_id} why="No stream id" copy="stream id" />
        </Row>
        <Row name="Errors and swaps">
          <span>
            {formatCountOf(request.error_events, 'error events')},{' '}
            {formatCountOf(request.swap_events, 'swap events')}
          </span>
          {request.overlay && (
            <Note title="The first frames were a loading overlay">overlay</Note>
          )}
        </Row>
      </dl>
    </div>
  );
}

function Row(props: { name: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Note(props: { title?: string; children: ReactNode }) {
  return (
    <span className={styles.note} title={props.title}>
      {props.children}
    </span>
  );
}

function Value(props: { text: string | null; why: string }) {
  return props.text === null ? (
    <span className={styles.note}>
      {NOTHING} {props.why}
    </span>
  ) : (
    <span className={styles.value}>{props.text}</span>
  );
}

/** A text from an event: cut in the middle, whole on hover. */
function Text(props: {
  value: string | null;
  why: string;
  short?: (value: string) => string;
  copy?: string;
}) {
  const { value, why, short, copy } = props;
  if (value === null || value === '') {
    return <Value text={null} why={why} />;
  }
  return (
    <span className={styles.text}>
      <span title={value}>
        {short ? short(value) : cutMiddle(value, LENGTH)}
      </span>
      {copy && <CopyButton text={value} what={copy} />}
    </span>
  );
}

function DurationRow(props: {
  name: string;
  fact: DurationFact;
  why: string;
  request: RequestRow;
  events: readonly RequestEvent[];
}) {
  const { name, fact, why, request, events } = props;
  const value = request[fact];
  const evidence = evidenceOf(fact, request, events);
  return (
    <Row name={name}>
      <Value text={value === null ? null : formatDuration(value)} why={why} />
      {evidence && (
        <span className={styles.evidence}>
          <Edge event={evidence.from} requestedAt={request.requested_at} /> →{' '}
          <Edge event={evidence.to} requestedAt={request.requested_at} />
        </span>
      )}
      {value !== null && !evidence && (
        <Note title="For a request with loading overlay it comes from inside a status">
          not the difference of two traces
        </Note>
      )}
    </Row>
  );
}

/** Points at the event in the list below. */
function Edge(props: { event: RequestEvent; requestedAt: string }) {
  const { event, requestedAt } = props;
  return (
    <a className={styles.edge} href={`#event-${event.event_id}`}>
      {eventLabel(event)} {offsetText(event, requestedAt)}
    </a>
  );
}
