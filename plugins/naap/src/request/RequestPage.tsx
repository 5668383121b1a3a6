import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton } from '@backstage/ui';
import { RequestDetailAnswer } from '@naap/plugin-naap-common';
import { RiArrowLeftLine } from '@remixicon/react';
import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { useFreshness, useRequest, useRequests } from '../api/queries';
import { CopyButton } from '../components/CopyButton';
import { Freshness } from '../components/Freshness';
import { OutcomeMark } from '../components/OutcomeMark';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { UtcTime } from '../components/UtcTime';
import { AlertStrip } from '../explorer/AlertStrip';
import { formatWindow, parseWindow } from '../explorer/explorerState';
import { cutMiddle, formatCount } from '../lib/format';
import { requestRouteRef, rootRouteRef } from '../routes';
import { EventList } from './EventList';
import { RequestFacts } from './RequestFacts';
import tokens from '../components/tokens.module.css';
import styles from './RequestPage.module.css';
import { TimelineChart } from './TimelineChart';
import { buildTimeline } from './timeline';

/** One request: its facts, its time line, its raw events. */
export function RequestPage() {
  const { requestId = '' } = useParams();
  const [params] = useSearchParams();
  const streamId = params.get('stream_id') ?? undefined;
  const freshness = useFreshness();
  const request = useRequest({ requestId, streamId });

  const root = useRouteRef(rootRouteRef)?.() ?? '/';
  const back = new URLSearchParams(params);
  back.delete('stream_id');
  const ambiguous =
    !request.data &&
    request.error !== null &&
    'statusCode' in request.error &&
    request.error.statusCode === 409;

  return (
    <div className={styles.page}>
      <AlertStrip freshness={freshness.data} error={freshness.error} />
      <Link href={`${root}?${back}`} className={styles.back} standalone>
        <RiArrowLeftLine aria-hidden="true" /> Explorer
      </Link>
      {ambiguous && <Candidates requestId={requestId} search={back} />}
      {request.isError && !request.data && !ambiguous && (
        <ErrorPanel
          what={`Request ${cutMiddle(requestId, 24)}`}
          error={request.error}
          onRetry={() => request.refetch()}
        />
      )}
      {request.isPending && <RequestSkeleton />}
      {request.data && (
        <RequestView
          answer={request.data}
          search={formatWindow(parseWindow(params)).toString()}
        />
      )}
    </div>
  );
}

const MOST_CANDIDATES = 20;

/** A request_id is 8 hex digits and collides: offers the requests that it may mean. */
function Candidates(props: { requestId: string; search: URLSearchParams }) {
  const { requestId, search } = props;
  const answer = useRequests({ requestId, limit: MOST_CANDIDATES }, false);
  const link = useRouteRef(requestRouteRef);
  const hrefOf = (streamId: string) => {
    const params = new URLSearchParams(search);
    params.set('stream_id', streamId);
    return `${link?.({ requestId: encodeURIComponent(requestId) })}?${params}`;
  };
  return (
    <section className={styles.card}>
      <EmptyPanel title={`Several requests have the id ${requestId}`}>
        <ul className={styles.candidates}>
          {answer.data?.rows.map(row => (
            <li key={row.stream_id}>
              <Link href={hrefOf(row.stream_id)} title={row.stream_id}>
                Stream {cutMiddle(row.stream_id, 40)}
              </Link>{' '}
              of <UtcTime iso={row.requested_at} seconds /> UTC
            </li>
          ))}
        </ul>
      </EmptyPanel>
    </section>
  );
}

function RequestView(props: { answer: RequestDetailAnswer; search: string }) {
  const { request, events, meta, next } = props.answer;
  const timeline = useMemo(
    () => buildTimeline(events, request.requested_at),
    [events, request.requested_at],
  );
  return (
    <>
      <header className={styles.head}>
        <h2 className={styles.title} title={request.request_id}>
          Request {cutMiddle(request.request_id, 24)}
        </h2>
        <CopyButton text={request.request_id} what="request id" />
        <OutcomeMark outcome={request.outcome} reason={request.reason} />
        <span className={styles.muted}>
          <UtcTime iso={request.requested_at} seconds /> UTC
        </span>
        <span className={styles.served}>
          <Freshness watermark={meta.watermark} state={meta.window.state} />
        </span>
      </header>
      <RequestFacts request={request} events={events} search={props.search} />
      <section className={styles.card}>
        <h3 className={styles.cardTitle}>Time line</h3>
        <TimelineChart timeline={timeline} />
      </section>
      <section className={styles.card}>
        <h3 className={styles.cardTitle}>
          Events{' '}
          <span className={styles.muted}>
            {next === null
              ? formatCount(events.length)
              : `the first ${formatCount(events.length)}`}
          </span>
        </h3>
        <EventList
          events={events}
          requestedAt={request.requested_at}
          readable={props.answer.raw_readable}
        />
      </section>
    </>
  );
}

function RequestSkeleton() {
  return (
    <div role="status" aria-label="Loading the request" className={styles.page}>
      <Skeleton className={tokens.skeleton} width={280} height={28} />
      <Skeleton className={tokens.skeleton} width="100%" height={230} />
      <Skeleton className={tokens.skeleton} width="100%" height={380} />
    </div>
  );
}
