import { Button, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { useState } from 'react';
import { errorText } from '../components/Panel';
import { cutMiddle, formatCount, formatCountOf } from '../lib/format';
import { download } from './download';
import styles from './ExportMenu.module.css';
import { ExportMeta, ExportTable, fileName } from './table';
import { toCsv } from './toCsv';
import { toJson } from './toJson';

/**
 * Offers a table as a file. It is made when it is asked for: `load` answers with all rows, not only those in view, and
 * where they come from.
 */
export function ExportMenu(props: {
  /** What is exported, for the label: "orchestrators". */
  what: string;
  load: () =>
    | { table: ExportTable; meta: ExportMeta }
    | Promise<{ table: ExportTable; meta: ExportMeta }>;
}) {
  const { what, load } = props;
  const [state, setState] = useState<{ busy: boolean; said: string }>({
    busy: false,
    said: '',
  });
  const save = async (format: 'csv' | 'json') => {
    setState({ busy: true, said: '' });
    try {
      const { table, meta } = await load();
      const now = new Date();
      const [content, type] =
        format === 'csv'
          ? [toCsv(table, meta), 'text/csv;charset=utf-8']
          : [toJson(table, meta, now), 'application/json'];
      download(fileName(table, meta, now, format), content, type);
      const { rows, total = rows.length } = table;
      setState({
        busy: false,
        said:
          total > rows.length
            ? `The first ${formatCount(rows.length)} of ${formatCountOf(
                total,
                'rows',
              )}`
            : '',
      });
    } catch (error) {
      setState({
        busy: false,
        said: `Not exported: ${cutMiddle(errorText(error), 120)}`,
      });
    }
  };
  return (
    <span className={styles.root}>
      <span role="status" className={styles.said}>
        {state.said}
      </span>
      <MenuTrigger>
        <Button
          size="small"
          variant="tertiary"
          iconStart={<RiDownloadLine />}
          aria-label={`Export ${what}`}
          isDisabled={state.busy}
        >
          {state.busy ? 'Exporting' : 'Export'}
        </Button>
        <Menu>
          <MenuItem onAction={() => save('csv')}>CSV</MenuItem>
          <MenuItem onAction={() => save('json')}>JSON</MenuItem>
        </Menu>
      </MenuTrigger>
    </span>
  );
}
