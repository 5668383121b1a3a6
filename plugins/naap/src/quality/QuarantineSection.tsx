import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Select, Skeleton } from '@backstage/ui';
import {
  QUARANTINE_CLASSES,
  QuarantineAnswer,
  QuarantineClass,
  QuarantineRow,
} from '@naap/plugin-naap-common';
import { memo, useEffect, useState } from 'react';
import { naapApiRef } from '../api/naapApi';
import { allPages, MOST_ROWS } from '../api/pages';
import { useQuarantine } from '../api/queries';
import { CardHead } from '../components/Card';
import { Pager } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import { RawWithheld } from '../components/RawMessage';
import tokens from '../components/tokens.module.css';
import { useReading } from '../components/useReading';
import { ExportMenu } from '../export/ExportMenu';
import { ExportMeta, ExportTable } from '../export/table';
import { formatCount } from '../lib/format';
import styles from './QualityPage.module.css';
import { QuarantineItem } from './QuarantineItem';
import { exactText } from './rawText';
import { ReplayButton } from './ReplayButton';
import { ChangeQuality } from './useQualityState';

/** Messages on one page. */
const PAGE_SIZE = 25;
/** As many as the API answers at once. */
const PAGE_EXPORTED = 500;
const ALL = '';

const keyOf = ({ topic, partition, offset }: QuarantineRow) =>
  `${topic} ${partition} ${offset}`;

/** Messages that are kept because nothing uses them, newest first. */
export const QuarantineSection = memo(
  (props: {
    class: QuarantineClass | null;
    reason: string | null;
    /** From 0. */
    page: number;
    /** Reasons to choose from. */
    reasons: readonly string[];
    meta: ExportMeta;
    onChange: ChangeQuality;
  }) => {
    const { reason, page, meta, onChange } = props;
    const api = useApi(naapApiRef);
    const { reading, props: readingProps } = useReading();
    const filters = {
      ...(props.class && { class: props.class }),
      ...(reason && { reason }),
    };
    const query = { ...filters, limit: PAGE_SIZE, offset: page * PAGE_SIZE };
    // Messages are held where they are while somebody reads them, but a new question is answered at once.
    const asked = JSON.stringify(query);
    const [answered, setAnswered] = useState('');
    const quarantine = useQuarantine(query, reading && answered === asked);
    const { data, isPlaceholderData } = quarantine;
    useEffect(() => {
      if (data && !isPlaceholderData) {
        setAnswered(asked);
      }
    }, [data, isPlaceholderData, asked]);

    return (
      <div {...readingProps}>
        <CardHead
          title="Quarantine"
          subtitle={data && `${formatCount(data.total)}, of all time`}
        >
          <div className={styles.filter}>
            <Select
              size="small"
              aria-label="Class"
              options={[
                { id: ALL, label: 'Both classes' },
                ...QUARANTINE_CLASSES.map(id => ({ id, label: id })),
              ]}
              value={props.class ?? ALL}
              onChange={key =>
                onChange({
                  class: QUARANTINE_CLASSES.find(id => id === key) ?? null,
                })
              }
            />
          </div>
          <div className={styles.filter}>
            <Select
              size="small"
              aria-label="Reason"
              options={[
                { id: ALL, label: 'All reasons' },
                ...props.reasons.map(id => ({ id, label: id })),
              ]}
              value={reason ?? ALL}
              onChange={key => onChange({ reason: String(key ?? ALL) || null })}
            />
          </div>
          <ReplayButton rows={data?.rows ?? []} />
          <ExportMenu
            what="quarantine"
            load={async () => ({
              table: exportQuarantine(
                await allPages(
                  cursor =>
                    api.quarantine({
                      ...filters,
                      limit: PAGE_EXPORTED,
                      cursor,
                    }),
                  MOST_ROWS,
                ),
              ),
              meta: { ...meta, window_from: null, window_to: null },
            })}
          />
        </CardHead>
        {quarantine.isError && !data && (
          <ErrorPanel
            what="The quarantine"
            error={quarantine.error}
            onRetry={() => quarantine.refetch()}
          />
        )}
        {quarantine.isPending && <QuarantineSkeleton />}
        {data && (
          <div className={isPlaceholderData ? styles.stale : styles.fresh}>
            <QuarantineList answer={data} page={page} onChange={onChange} />
          </div>
        )}
      </div>
    );
  },
);

function QuarantineList(props: {
  answer: QuarantineAnswer;
  page: number;
  onChange: ChangeQuality;
}) {
  const { answer, page, onChange } = props;
  if (answer.rows.length === 0) {
    return (
      <EmptyPanel title="No message here">
        {page > 0 ? (
          <Button
            size="small"
            variant="secondary"
            onPress={() => onChange({ page: 0 })}
          >
            To the newest
          </Button>
        ) : (
          'None was ignored or rejected for this.'
        )}
      </EmptyPanel>
    );
  }
  return (
    <>
      {!answer.raw_readable && <RawWithheld />}
      <ul className={styles.list} aria-label="Messages in quarantine">
        {answer.rows.map(row => (
          <QuarantineItem key={keyOf(row)} row={row} />
        ))}
      </ul>
      <Pager
        what="the quarantine"
        total={answer.total}
        page={page}
        pageSize={PAGE_SIZE}
        onPage={next => onChange({ page: next })}
      />
    </>
  );
}

/** What the list shows of the messages: as text, or as base64 where that is no UTF-8. */
function exportQuarantine({ rows, total }: QuarantineAnswer): ExportTable {
  return {
    name: 'quarantine',
    total,
    rows: rows.map(({ raw_base64, ...row }) => {
      const raw = raw_base64 === null ? null : exactText(raw_base64);
      return { ...row, raw, raw_base64: raw === null ? raw_base64 : null };
    }),
  };
}

function QuarantineSkeleton() {
  return (
    <div
      className={styles.loading}
      role="status"
      aria-label="Loading the quarantine"
    >
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton
          className={tokens.skeleton}
          key={index}
          width="100%"
          height={28}
        />
      ))}
    </div>
  );
}
