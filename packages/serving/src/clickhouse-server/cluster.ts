import type { ClickHouseSettings } from '@clickhouse/client';
import { Database } from '../database';

/** What a statement on a cluster means, beside `SETTINGS`. */
export const CLUSTER_SETTINGS: ClickHouseSettings & Record<string, unknown> = {
  // An insert into all shards is done when they have it, and the same rows twice are rows twice.
  distributed_foreground_insert: 1,
  insert_deduplicate: 0,
  // A change of partitions is done when all replicas have it.
  alter_sync: '2',
  // A shard may hold no row of a partition: there it is to be empty.
  allow_replace_partition_from_empty_source: 1,
  // Tables of subqueries are those of all shards.
  distributed_product_mode: 'global',
};

/** Where each server keeps its own part of the tables; those of `naap` are of all parts. */
const PARTS = 'naap_shard';

const CREATE =
  /^CREATE (OR REPLACE )?TABLE (IF NOT EXISTS )?naap\.(\w+)((?: AS naap\.\w+)?)([^]*)$/;
const ENGINE = /\bENGINE = (\w*MergeTree)/;
const KEY = /\bORDER BY (\w+)$/;
const inParts = (sql: string) => sql.replaceAll('naap.', `${PARTS}.`);

/**
 * A statement for one server as those for a cluster: a table is a replicated one on each shard, with a Distributed one over
 * them, by whose name it is read and filled. Rows of a key that replace each other are of one shard. Pure.
 *
 * @param statement - that makes, changes or empties tables of `naap`; any other is refused
 */
export function onCluster(statement: string, cluster: string): string[] {
  const on = `ON CLUSTER '${cluster}'`;
  if (/^CREATE DATABASE IF NOT EXISTS naap$/.test(statement)) {
    return [PARTS, 'naap'].map(
      name => `CREATE DATABASE IF NOT EXISTS ${name} ${on}`,
    );
  }
  const created = CREATE.exec(statement);
  if (created) {
    const [, replace = '', missing = '', name, like, rest] = created;
    const made = `CREATE ${replace}TABLE ${missing}`;
    const replaces = statement.includes(' ENGINE = ReplacingMergeTree(');
    const key = replaces && KEY.exec(statement)?.[1];
    const by = key ? `cityHash64(${key})` : 'rand()';
    return [
      `${made}${PARTS}.${name} ${on}${inParts(like)}${rest.replace(
        ENGINE,
        'ENGINE = Replicated$1',
      )}`,
      `${made}naap.${name} ${on} AS ${PARTS}.${name}
ENGINE = Distributed('${cluster}', '${PARTS}', '${name}', ${by})`,
    ];
  }
  const changed =
    /^(ALTER TABLE|TRUNCATE TABLE|DROP TABLE IF EXISTS) (naap\.\w+)([^]*)$/.exec(
      statement,
    );
  if (!changed) {
    throw new RangeError(`No statement for a cluster is known of ${statement}`);
  }
  const [, verb, table, rest] = changed;
  const whole = `${verb} ${table} ${on}${rest}`;
  const parts = `${verb} ${inParts(table)} ${on}${inParts(rest)}`;
  if (verb.startsWith('DROP')) return [whole, parts];
  // Rows are of the parts, columns of both.
  return /^ ADD COLUMN /.test(rest) ? [parts, whole] : [parts];
}

/** Waits until all replicas of all shards have what was inserted. */
export function settled(table: string, cluster: string): string {
  return `SYSTEM SYNC REPLICA ON CLUSTER '${cluster}' ${inParts(
    table,
  )} LIGHTWEIGHT`;
}

/**
 * A cluster as if it were one server: whichever replica is asked next, it has what was written before. So a reader never
 * meets days of a publication that it knows nothing of. A replica that is away stops what writes until it is back, or is
 * taken out of the cluster.
 */
export function clustered(server: Database, cluster: string): Database {
  const settle = (table: string) => server.command(settled(table, cluster));
  return {
    ...server,
    async command(sql, parameters) {
      const into = /^INSERT INTO (naap\.\w+)/.exec(sql);
      if (into) {
        await server.command(sql, parameters);
        await settle(into[1]);
        return;
      }
      for (const statement of onCluster(sql, cluster)) {
        await server.command(statement, parameters);
      }
    },
    async insert(table, rows) {
      await server.insert(table, rows);
      await settle(table);
    },
    async load(table, columns, rows) {
      await server.load(table, columns, rows);
      await settle(table);
    },
  };
}
