import {
  connectKafka,
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
  LakeWorker,
  readConnectors,
  SharedLake,
  type TableDifference,
} from '@naap/lakehouse';
import type { DistributedConfig } from './distributedConfig';

/** How engines differ from what is declared, each in its own terms. */
export interface Drift {
  topics: TopicDrift[];
  tables: (TableDifference & { table: string })[];
  connectors: ConnectorDrift[];
}

/**
 * Makes topics, tables and connectors what is declared, in the order in which
 * they need each other, and answers what differed.
 *
 * @param check - only looks
 */
export async function applyDeclared(
  { kafka, lake, connectUrl }: DistributedConfig,
  { check }: { check: boolean },
): Promise<Drift> {
  const topics = await withAdmin(connectKafka(kafka), admin =>
    (check ? topicDrift : mendTopics)(admin, TOPICS),
  );
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
    await readConnectors(lake.catalog),
  );
  return { topics, tables, connectors };
}
