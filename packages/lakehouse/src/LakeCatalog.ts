export const BRONZE_TABLES = ['events', 'quarantine', 'batches'] as const;
export type BronzeTable = (typeof BRONZE_TABLES)[number];

export interface LakeTable {
  name: BronzeTable;
  /** What its writers keep with it, such as the version of the gate that judged it all. */
  properties: Readonly<Record<string, string>>;
}

/** A table as one commit left it. */
export interface TableSnapshot {
  /** Decimal digits: it has 64 bits. */
  id: string;
  rows: number;
  /** ISO 8601 UTC. */
  committedAt: string;
}

/**
 * Which bronze tables there are, and at which snapshot. Looks at metadata alone, so neither a build nor a commit that runs
 * holds it up. Every question is answered as of now.
 */
export interface LakeCatalog {
  /** The tables that there are, in the order of `BRONZE_TABLES`: none before the first commit. */
  tables(): Promise<LakeTable[]>;
  /** The newest snapshot; null: the table is not there, or nothing was ever written to it. */
  snapshot(table: BronzeTable): Promise<TableSnapshot | null>;
}

/** What a bronze table holds now. */
export interface BronzeFacts {
  rows: number;
  /** When it was last written to, ISO 8601; null: never. */
  committedAt: string | null;
}

/** What the bronze tables hold; a table that is not there is absent. */
export async function bronzeFacts(
  catalog: LakeCatalog,
): Promise<Partial<Record<BronzeTable, BronzeFacts>>> {
  const facts: Partial<Record<BronzeTable, BronzeFacts>> = {};
  for (const { name } of await catalog.tables()) {
    const snapshot = await catalog.snapshot(name);
    facts[name] = {
      rows: snapshot?.rows ?? 0,
      committedAt: snapshot?.committedAt ?? null,
    };
  }
  return facts;
}
