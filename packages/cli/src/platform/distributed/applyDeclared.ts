import {
  beginGroups,
  connectKafka,
  type GroupDrift,
  groupDrift,
  mendTopics,
  type TopicDrift,
  topicDrift,
  TOPICS,
  withAdmin,
} from '@naap/ingestion';
import {
  applyConnectors,
  BRONZE_TABLES,
  ConnectClient,
  type ConnectorDrift,
  connectorDrift,
  coordinatorOf,
  LakeWorker,
  readConnectors,
  SharedLake,
  type TableDifference,
} from '@naap/lakehouse';
import type { DistributedConfig } from './distributedConfig';

/** How engines differ from what is declared, each in its own terms. */
export interface Drift {
  topics: TopicDrift[];
  groups: GroupDrift[];
  tables: (TableDifference & { table: string })[];
  connectors: ConnectorDrift[];
}

/**
 * Makes topics, groups, tables and connectors what is declared, in the order in which
 * they need each other, and answers what differed.
 *
 * @param check - only looks
 */
export async function applyDeclared(
  { kafka, lake, connectUrl }: DistributedConfig,
  { check }: { check: boolean },
): Promise<Drift> {
  const declared = await readConnectors(lake.catalog);
  const readers = declared.map(coordinatorOf);
  const [topics, groups] = await withAdmin(connectKafka(kafka), async admin => [
    await (check ? topicDrift : mendTopics)(admin, TOPICS),
    await (check ? groupDrift : beginGroups)(admin, readers),
  ]);
  const worker = new LakeWorker();
  const shared = new SharedLake(lake, worker);
  const found = await (check
    ? shared.tableDrift()
    : shared.applyTables()
  ).finally(() => worker.stop());
  const tables = BRONZE_TABLES.flatMap(table =>
    found[table].map(one => ({ table, ...one })),
  );
  const connectors = await (check ? connectorDrift : applyConnectors)(
    new ConnectClient(connectUrl),
    declared,
  );
  return { topics, groups, tables, connectors };
}
