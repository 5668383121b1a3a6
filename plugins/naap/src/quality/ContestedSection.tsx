import { Skeleton } from '@backstage/ui';
import { ContestedAnswer, ContestedUrl } from '@naap/plugin-naap-common';
import { UseQueryResult } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { useContested } from '../api/queries';
import { CardHead } from '../components/Card';
import { Pager, pageOf } from '../components/Pager';
import { EmptyPanel, ErrorPanel } from '../components/Panel';
import tokens from '../components/tokens.module.css';
import { UtcTime } from '../components/UtcTime';
import { ExportMenu } from '../export/ExportMenu';
import { ExportMeta, ExportTable } from '../export/table';
import { cutMiddle, formatCount } from '../lib/format';
import { EntityText } from '../scorecard/OthersTable';
import styles from './QualityPage.module.css';

const PAGE_SIZE = 10;
const URL_LENGTH = 60;

/** URLs that several addresses claim: nobody proves whose they are, so what they serve is nobody's. */
export const ContestedSection = memo(
  (props: {
    meta: ExportMeta;
    /** The query string that keeps the window on the way to the scorecards. */
    search: string;
  }) => {
    const { meta, search } = props;
    const contested = useContested();
    const { data } = contested;
    return (
      <>
        <CardHead
          title="Contested identities"
          subtitle="URLs that capability reports give to several addresses, of all time"
        >
          {data && data.rows.length > 0 && (
            <ExportMenu
              what="contested identities"
              load={() => ({
                table: exportContested(data.rows),
                meta: { ...meta, window_from: null, window_to: null },
              })}
            />
          )}
        </CardHead>
        <Answer contested={contested} search={search} />
      </>
    );
  },
);

function Answer(props: {
  contested: UseQueryResult<ContestedAnswer>;
  search: string;
}) {
  const { contested, search } = props;
  const { data } = contested;
  const [page, setPage] = useState(0);
  if (contested.isError && !data) {
    return (
      <ErrorPanel
        what="The contested identities"
        error={contested.error}
        onRetry={() => contested.refetch()}
      />
    );
  }
  if (!data) {
    return (
      <div
        className={styles.loading}
        role="status"
        aria-label="Loading contested identities"
      >
        <Skeleton className={tokens.skeleton} width="100%" height={96} />
      </div>
    );
  }
  if (data.rows.length === 0) {
    return (
      <EmptyPanel title="None">
        No report gives one URL to two addresses.
      </EmptyPanel>
    );
  }
  const rows = pageOf(data.rows, page, PAGE_SIZE);
  return (
    <>
      <div className={styles.scroller} tabIndex={-1}>
        <table className={styles.table} aria-label="Contested identities">
          <thead>
            <tr>
              <th scope="col">URL</th>
              <th scope="col">Claimed by</th>
              <th scope="col">Since</th>
              <th scope="col">Last</th>
              <th scope="col" className={styles.numeric}>
                Reports
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.url}>
                <th scope="row" title={row.url}>
                  {cutMiddle(row.url, URL_LENGTH)}
                </th>
                <td>
                  <ul className={styles.addresses}>
                    {row.addresses.map(address => (
                      <li key={address}>
                        <EntityText
                          id={address}
                          kind="orchestrator"
                          search={search}
                        />
                      </li>
                    ))}
                  </ul>
                </td>
                <td>
                  <UtcTime iso={row.first_seen_at} />
                </td>
                <td>
                  <UtcTime iso={row.last_seen_at} />
                </td>
                <td className={styles.numeric}>{formatCount(row.reports)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        what="contested identities"
        total={data.rows.length}
        page={page}
        pageSize={PAGE_SIZE}
        onPage={setPage}
      />
    </>
  );
}

/** Lists are joined by "; ". */
function exportContested(rows: readonly ContestedUrl[]): ExportTable {
  return {
    name: 'contested',
    rows: rows.map(({ addresses, ...row }) => ({
      ...row,
      addresses: addresses.join('; '),
    })),
  };
}
