import { Button, Link, Select, Skeleton } from '@backstage/ui';
import {
  KpiUnit,
  Outcome,
  RequestAnswer,
  RequestRow,
} from '@naap/plugin-naap-common';
import { OutcomeMark } from '../components/OutcomeMark';
import { Pager } from '../components/Pager';
import { EmptyPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { UtcTime } from '../components/UtcTime';
import {
  cutMiddle,
  formatCount,
  formatValue,
  NOTHING,
  shortAddress,
} from '../lib/format';
import { OUTCOMES } from './explorerState';
import styles from './RequestTable.module.css';

/** Requests on one page of the table. */
export const PAGE_SIZE = 25;

interface Head {
  label: string;
  /** In px; without one it takes what is left. */
  width?: number;
  numeric?: boolean;
}

const HEADS: readonly Head[] = [
  { label: 'Request (UTC)', width: 124 },
  { label: 'Outcome', width: 176 },
  { label: 'Orchestrator', width: 104 },
  { label: 'Model and gateway' },
  { label: 'FPS', width: 72, numeric: true },
  { label: 'First frame', width: 92, numeric: true },
  { label: 'E2E', width: 72, numeric: true },
  { label: 'Startup', width: 72, numeric: true },
  { label: 'Jitter', width: 68, numeric: true },
  { label: 'Swaps', width: 62, numeric: true },
];

interface RequestTableProps {
  answer: RequestAnswer;
  page: number;
  onPage: (page: number) => void;
  hrefOf: (request: RequestRow) => string;
}

/** Recent requests, newest first. */
export function RequestTable(props: RequestTableProps) {
  const { answer, page, onPage } = props;
  if (answer.rows.length === 0) {
    return (
      <EmptyPanel title="No requests here">
        {page > 0 ? (
          <Button size="small" variant="secondary" onPress={() => onPage(0)}>
            To the newest
          </Button>
        ) : (
          'None in this window with these filters.'
        )}
      </EmptyPanel>
    );
  }
  return (
    <>
      <RequestRows label="Requests" rows={answer.rows} hrefOf={props.hrefOf} />
      <Pager
        what="requests"
        total={answer.total}
        page={page}
        pageSize={PAGE_SIZE}
        onPage={onPage}
      />
    </>
  );
}

/** The table without anything around it. */
export function RequestRows(props: {
  /** What they are, for those who listen. */
  label: string;
  rows: readonly RequestRow[];
  hrefOf: (request: RequestRow) => string;
}) {
  return (
    <div className={styles.scroller} tabIndex={-1}>
      <table className={styles.table} aria-label={props.label}>
        <colgroup>
          {HEADS.map(({ label, width }) => (
            <col key={label} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {HEADS.map(({ label, numeric }) => (
              <th
                key={label}
                scope="col"
                className={numeric ? styles.numeric : undefined}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(row => (
            <Row
              key={`${row.stream_id}/${row.request_id}`}
              row={row}
              href={props.hrefOf(row)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, href }: { row: RequestRow; href: string }) {
  return (
    <tr>
      <th scope="row">
        <Link href={href} className={styles.id} title={row.request_id}>
          {cutMiddle(row.request_id, 12)}
        </Link>
        <div className={styles.secondary}>
          <UtcTime iso={row.requested_at} seconds />
        </div>
      </th>
      <td>
        <OutcomeMark outcome={row.outcome} reason={row.reason} />
      </td>
      <td className={styles.mono} title={row.orchestrator ?? undefined}>
        {row.orchestrator ? (
          shortAddress(row.orchestrator)
        ) : (
          <Absent why="No orchestrator can be told" />
        )}
      </td>
      <td>
        <div title={row.model ?? undefined}>
          {row.model ? (
            cutMiddle(row.model, 22)
          ) : (
            <Absent why="No message names a model" />
          )}
        </div>
        <div className={styles.secondary} title={row.gateway}>
          {row.gateway ? (
            cutMiddle(row.gateway, 24)
          ) : (
            <Absent why="No message names a gateway" />
          )}
        </div>
      </td>
      <Fact value={row.fps_mean} unit="fps" why="No output sample" />
      <Fact
        value={row.ptff_ms}
        unit="ms"
        why="No first processed segment"
        flag={row.overlay ? 'overlay' : undefined}
      />
      <Fact
        value={row.e2e_ms}
        unit="ms"
        why="Not both edges on one orchestrator"
      />
      <Fact value={row.startup_ms} unit="ms" why="No few processed segments" />
      <Fact
        value={row.jitter}
        unit="ratio"
        why="Fewer than three output samples"
      />
      <td className={styles.numeric}>{formatCount(row.swap_events)}</td>
    </tr>
  );
}

function Absent({ why }: { why: string }) {
  return (
    <span title={why}>
      <span aria-hidden="true">{NOTHING}</span>
      <span className={tokens.visuallyHidden}>{why}</span>
    </span>
  );
}

function Fact(props: {
  value: number | null;
  unit: KpiUnit;
  why: string;
  flag?: string;
}) {
  return (
    <td className={styles.numeric}>
      {props.value === null ? (
        <Absent why={props.why} />
      ) : (
        <>
          {formatValue(props.value, props.unit)}
          {props.flag && (
            <div
              className={styles.secondary}
              title="The first frames were a loading overlay, so this is left out of the KPI"
            >
              {props.flag}
            </div>
          )}
        </>
      )}
    </td>
  );
}

/** Chooses outcomes; none means all. */
export function OutcomeSelect(props: {
  selected: Outcome[];
  onChange: (selected: Outcome[]) => void;
}) {
  return (
    <Select
      size="small"
      aria-label="Outcome"
      placeholder="All outcomes"
      selectionMode="multiple"
      options={OUTCOMES.map(outcome => ({ id: outcome, label: outcome }))}
      value={props.selected}
      onChange={keys =>
        props.onChange(OUTCOMES.filter(outcome => keys.includes(outcome)))
      }
    />
  );
}

export function RequestTableSkeleton() {
  return (
    <div className={styles.loading} role="status" aria-label="Loading requests">
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton
          className={tokens.skeleton}
          key={index}
          width="100%"
          height={34}
        />
      ))}
    </div>
  );
}
