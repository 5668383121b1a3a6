import { RequestEvent, RequestRow } from '@naap/plugin-naap-common';
import { ReactNode } from 'react';
import { CopyButton } from '../components/CopyButton';
import {
  cutMiddle,
  formatCount,
  formatCountOf,
  formatDuration,
  formatValue,
  NOTHING,
} from '../lib/format';
import { EntityText } from '../scorecard/OthersTable';
import { DurationFact, Evidence, evidenceOf, samplesBehind } from './evidence';
import { weightOf } from './excused';
import { eventLabel, eventSummary, offsetText } from './parseEvent';
import styles from './RequestFacts.module.css';

const LENGTH = 34;

const IDENTITY_HINTS: Record<NonNullable<RequestRow['identity']>, string> = {
  canonical: 'The on-chain identity, found by a capability report',
  reported: 'The address as reported: no capability report resolves it',
  contested:
    'Its URL is listed by several addresses, and nobody proves whose it is: the request counts for the network and for no orchestrator',
};

/** What the platform computed of a request, each duration with the two events that it came from. */
export function RequestFacts(props: {
  request: RequestRow;
  events: readonly RequestEvent[];
  /** The query string that keeps the window on the way to the scorecards. */
  search: string;
}) {
  const { request, events, search } = props;
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
          <Edges
            evidence={samplesBehind('fps_mean', request, events)}
            requestedAt={request.requested_at}
          />
        </Row>
        <Row name="Jitter coefficient">
          <Value
            text={
              request.jitter === null
                ? null
                : formatValue(request.jitter, 'ratio')
            }
            why="Fewer than three output samples on its own orchestrator, or only with degraded input"
          />
          <Edges
            evidence={samplesBehind('jitter', request, events)}
            requestedAt={request.requested_at}
          />
        </Row>
        <Row name="Errors and swaps">
          <span>
            {formatCountOf(request.error_events, 'error events')},{' '}
            {formatCountOf(request.swap_events, 'swap events')}
          </span>
          {request.restarts > 0 && (
            <Note title="The runner died and began anew while it served this request">
              {formatCountOf(request.restarts, 'restarts')} of the runner
            </Note>
          )}
          {request.overlay && (
            <Note title="The first frames were a loading overlay">overlay</Note>
          )}
          <Incidents events={events} requestedAt={request.requested_at} />
        </Row>
      </dl>
      <dl className={styles.list} aria-label="Identity">
        <Row name="Orchestrator">
          {request.orchestrator ? (
            <EntityText
              id={request.orchestrator}
              kind="orchestrator"
              search={search}
            />
          ) : (
            <Value
              text={null}
              why={
                request.identity === 'contested'
                  ? 'Several addresses claim its URL'
                  : 'No trace or status resolves to an address'
              }
            />
          )}
          {request.identity && (
            <Note title={IDENTITY_HINTS[request.identity]}>
              {request.identity}
            </Note>
          )}
        </Row>
        <Row name="URL">
          <Text
            value={request.orch_uri}
            why="None that is an orchestrator’s beyond doubt"
            copy="URL"
          />
        </Row>
        <Row name="Model">
          {request.model ? (
            <EntityText id={request.model} kind="model" search={search} />
          ) : (
            <Value text={null} why="No message names a model" />
          )}
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
function Text(props: { value: string | null; why: string; copy?: string }) {
  const { value, why, copy } = props;
  if (value === null || value === '') {
    return <Value text={null} why={why} />;
  }
  return (
    <span className={styles.text}>
      <span title={value}>{cutMiddle(value, LENGTH)}</span>
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
      <Edges evidence={evidence} requestedAt={request.requested_at} />
      {value !== null && !evidence && (
        <Note title="The events below do not give this value: some may have been lost since it was computed">
          no two events found
        </Note>
      )}
    </Row>
  );
}

/** From which event to which. */
function Edges(props: { evidence: Evidence | null; requestedAt: string }) {
  const { evidence, requestedAt } = props;
  return evidence ? (
    <span className={styles.evidence}>
      <Edge event={evidence.from} requestedAt={requestedAt} /> →{' '}
      <Edge event={evidence.to} requestedAt={requestedAt} />
      {evidence.note && `, ${evidence.note}`}
    </span>
  ) : null;
}

const MOST_INCIDENTS = 6;

/** What went wrong, and whether it counts. */
function Incidents(props: {
  events: readonly RequestEvent[];
  requestedAt: string;
}) {
  const { events, requestedAt } = props;
  const incidents = events.filter(
    ({ type, subtype }) =>
      (type === 'ai_stream_events' && subtype === 'error') ||
      (type === 'stream_trace' && subtype === 'orchestrator_swap'),
  );
  if (incidents.length === 0) {
    return null;
  }
  const rest = incidents.length - MOST_INCIDENTS;
  return (
    <ul className={styles.incidents}>
      {incidents.slice(0, MOST_INCIDENTS).map(event => {
        const message = eventSummary(event);
        return (
          <li key={event.event_id}>
            <Edge event={event} requestedAt={requestedAt} />
            {event.subtype === 'error' && `, ${weightOf(message)}`}
            {message && (
              <span title={message}>: {cutMiddle(message, LENGTH * 2)}</span>
            )}
          </li>
        );
      })}
      {rest > 0 && <li>and {formatCount(rest)} more in the events below</li>}
    </ul>
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
