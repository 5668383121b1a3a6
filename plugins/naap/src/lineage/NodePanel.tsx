import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { ButtonIcon, Link, Skeleton } from '@backstage/ui';
import {
  LineageColumn,
  LineageNode,
  LineageNodeAnswer,
} from '@naap/plugin-naap-common';
import { RiCheckLine, RiCloseLine } from '@remixicon/react';
import { CopyButton } from '../components/CopyButton';
import { ErrorPanel } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { UtcTime } from '../components/UtcTime';
import { formatCount } from '../lib/format';
import { runRouteRef } from '../routes';
import { NodeMark } from './NodeMark';
import { readNode } from './nodeState';
import styles from './NodePanel.module.css';
import { useLineageNode } from './queries';

/** All that is known of a node, with the ways to its entity and its run. */
export function NodePanel(props: {
  node: LineageNode;
  column: string | null;
  nowMs: number;
  titleOf: (id: string) => string;
  onSelect: (id: string, column?: string) => void;
  onColumn: (name: string | null) => void;
  onClose: () => void;
}) {
  const { node, nowMs } = props;
  const reading = readNode(node, nowMs);
  const runLink = useRouteRef(runRouteRef);
  const entityLink = useEntityRefLink();
  const runId = node.state?.runId;
  return (
    <aside className={styles.root} aria-label={`About ${node.title}`}>
      <header className={styles.head}>
        <h2 className={styles.title}>{node.title}</h2>
        <CopyButton text={node.id} what="node id" />
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiCloseLine aria-hidden="true" />}
          aria-label="Close"
          onPress={props.onClose}
        />
      </header>
      <p className={styles.facts}>
        <NodeMark reading={reading} />
        <span>{node.type}</span>
        {reading.rows && <span>{reading.rows}</span>}
        {node.state?.updatedAt && (
          <span>
            written <UtcTime iso={node.state.updatedAt} seconds /> UTC,{' '}
            {reading.age}
          </span>
        )}
      </p>
      {node.description && <p className={styles.text}>{node.description}</p>}
      <p className={styles.links}>
        {node.entity && (
          <Link
            href={entityLink({
              kind: node.entity.kind,
              namespace: 'default',
              name: node.entity.name,
            })}
          >
            In the catalog
          </Link>
        )}
        {runId && <Link href={runLink?.({ runId }) ?? ''}>Last run</Link>}
      </p>
      {node.detailed && <NodeDetails {...props} />}
    </aside>
  );
}

function NodeDetails(props: Parameters<typeof NodePanel>[0]) {
  const detail = useLineageNode(props.node.id);
  if (detail.isPending) {
    return (
      <div role="status" aria-label="Loading columns and SQL">
        <Skeleton className={tokens.skeleton} width="100%" height={180} />
      </div>
    );
  }
  if (!detail.data) {
    return (
      <ErrorPanel
        what="Columns and SQL"
        error={detail.error}
        onRetry={() => detail.refetch()}
      />
    );
  }
  const { tests, columns, sql, path } = detail.data;
  return (
    <>
      {tests.length > 0 && <Tests tests={tests} />}
      {columns.length > 0 && (
        <section>
          <h3 className={styles.subtitle}>
            Columns{' '}
            <span className={styles.muted}>{formatCount(columns.length)}</span>
          </h3>
          <ul className={styles.list}>
            {columns.map(column => (
              <Column
                key={column.name}
                column={column}
                isOpen={column.name === props.column}
                titleOf={props.titleOf}
                onSelect={props.onSelect}
                onColumn={props.onColumn}
              />
            ))}
          </ul>
        </section>
      )}
      {sql !== null && (
        <section>
          <h3 className={styles.subtitle}>
            SQL <CopyButton text={sql} what="SQL" />
          </h3>
          {path && <p className={styles.muted}>{path}</p>}
          <Scroller as="pre" className={styles.sql} label="SQL">
            {sql}
          </Scroller>
        </section>
      )}
    </>
  );
}

/** Tests, failing first. */
function Tests({ tests }: Pick<LineageNodeAnswer, 'tests'>) {
  const failing = tests.filter(test => test.passed === false);
  const unknown = tests.filter(test => test.passed === null);
  const passed = tests.length - failing.length - unknown.length;
  return (
    <section>
      <h3 className={styles.subtitle}>
        Tests <span className={styles.muted}>{formatCount(tests.length)}</span>
      </h3>
      <ul className={styles.list}>
        {failing.map(({ name }) => (
          <li key={name} className={styles.failed}>
            <RiCloseLine aria-hidden="true" /> failed: {name}
          </li>
        ))}
      </ul>
      <details className={styles.details}>
        <summary>
          <span className={styles.passed}>
            <RiCheckLine aria-hidden="true" /> {formatCount(passed)} passed
          </span>
          {unknown.length > 0 && `, ${formatCount(unknown.length)} not run yet`}
        </summary>
        <ul className={styles.list}>
          {tests
            .filter(test => test.passed !== false)
            .map(({ name, passed: isPassed }) => (
              <li key={name}>
                {name}
                {isPassed === null && (
                  <span className={styles.muted}> not run yet</span>
                )}
              </li>
            ))}
        </ul>
      </details>
    </section>
  );
}

function Column(props: {
  column: LineageColumn;
  isOpen: boolean;
  titleOf: (id: string) => string;
  onSelect: (id: string, column?: string) => void;
  onColumn: (name: string | null) => void;
}) {
  const { column, isOpen } = props;
  return (
    <li>
      <button
        type="button"
        className={styles.column}
        aria-expanded={isOpen}
        onClick={() => props.onColumn(isOpen ? null : column.name)}
      >
        <span>{column.name}</span>
        {column.type && <span className={styles.muted}>{column.type}</span>}
      </button>
      {isOpen && (
        <div className={styles.origin}>
          {column.description && (
            <p className={styles.text}>{column.description}</p>
          )}
          {column.from.length === 0 ? (
            <p className={styles.muted}>
              Comes from no column, or it is not known from which.
            </p>
          ) : (
            <>
              <p className={styles.muted}>Comes from</p>
              <ul className={styles.list}>
                {column.from.map(({ node, column: name }) => (
                  <li key={`${node} ${name}`}>
                    <button
                      type="button"
                      className={styles.way}
                      onClick={() => props.onSelect(node, name)}
                    >
                      {props.titleOf(node)}.{name}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </li>
  );
}
