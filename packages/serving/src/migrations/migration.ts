/**
 * One step of the schema, forward only. Statements can be repeated (`IF NOT EXISTS`), because ClickHouse has no
 * transaction around DDL and a crash may come between them. A shipped migration never changes: write a new one.
 */
export interface Migration {
  id: number;
  name: string;
  statements: string[];
}
