import { Button } from '@backstage/ui';
import { formatCount } from '../lib/format';
import styles from './Pager.module.css';

/** The rows of a page; of the last one where there are fewer pages by now. */
export function pageOf<T>(
  rows: readonly T[],
  page: number,
  pageSize: number,
): T[] {
  const last = Math.max(0, Math.ceil(rows.length / pageSize) - 1);
  const first = Math.min(page, last) * pageSize;
  return rows.slice(first, first + pageSize);
}

/** Steps through the pages of a table, newest first if not said otherwise; says which rows are in view. */
export function Pager(props: {
  /** What the rows are: "requests". */
  what: string;
  total: number;
  /** From 0. */
  page: number;
  pageSize: number;
  onPage: (page: number) => void;
  /** True when another order than time is behind it. */
  ranked?: boolean;
}) {
  const { what, total, page, pageSize, onPage, ranked } = props;
  const first = Math.min(total, page * pageSize + 1);
  const last = Math.min(total, (page + 1) * pageSize);
  return (
    <nav className={styles.root} aria-label={`Pages of ${what}`}>
      <span>
        {formatCount(first)} – {formatCount(last)} of {formatCount(total)}
      </span>
      <Button
        size="small"
        variant="secondary"
        isDisabled={page === 0}
        onPress={() => onPage(page - 1)}
      >
        {ranked ? 'Previous' : 'Newer'}
      </Button>
      <Button
        size="small"
        variant="secondary"
        isDisabled={last >= total}
        onPress={() => onPage(page + 1)}
      >
        {ranked ? 'Next' : 'Older'}
      </Button>
    </nav>
  );
}
