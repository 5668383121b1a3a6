import { join, resolve } from 'node:path';

/** Where things are in a NAAP_HOME; all absolute. The layout of docs/architecture.md. */
export interface HomePaths {
  home: string;
  log: string;
  catalog: string;
  lakeWarehouse: string;
  duckdb: string;
  build: string;
  export: string;
  clickhouse: string;
  portal: string;
  run: string;
  portalState: string;
}

export function homePaths(home: string): HomePaths {
  const at = (...parts: string[]) => join(resolve(home), ...parts);
  return {
    home: at(),
    log: at('log'),
    catalog: at('lake', 'catalog.db'),
    lakeWarehouse: at('lake', 'warehouse'),
    duckdb: at('warehouse', 'naap.duckdb'),
    build: at('warehouse', 'build.json'),
    export: at('warehouse', 'export'),
    clickhouse: at('clickhouse'),
    portal: at('portal'),
    run: at('run'),
    portalState: at('run', 'portal.json'),
  };
}
