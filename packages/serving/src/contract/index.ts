/**
 * What the serving layer answers and what it takes: shapes shared by the CLI, the API and the portal. Pure types and
 * constants, no I/O. Names and units are those of docs/kpis.md; null means "no evidence" and is never 0.
 */
export * from './availability';
export * from './dimensions';
export * from './filterValues';
export * from './GoldSource';
export * from './gpus';
export * from './ingest';
export * from './inventory';
export * from './kpis';
export * from './pages';
export * from './requests';
export * from './scores';
export * from './served';
export * from './supply';
export * from './swaps';
