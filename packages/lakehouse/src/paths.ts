import { join, resolve } from 'node:path';

/** Where things are in a NAAP_HOME; all absolute. The layout of docs/architecture.md. */
export interface HomePaths {
  log: string;
  catalog: string;
  lakeWarehouse: string;
  build: string;
  clickhouse: string;
  run: string;
}

export function homePaths(home: string): HomePaths {
  const at = (...parts: string[]) => join(resolve(home), ...parts);
  return {
    log: at('log'),
    catalog: at('lake', 'catalog.db'),
    lakeWarehouse: at('lake', 'warehouse'),
    build: at('warehouse', 'build.json'),
    clickhouse: at('clickhouse'),
    run: at('run'),
  };
}
