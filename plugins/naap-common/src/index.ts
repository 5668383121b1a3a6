/** API types and client, KPI catalogue and permissions of the `naap` plugins. */
export { nameOrNull, withoutTrailingSlashes } from '@naap/events/names';
export * from '@naap/serving/contract';
export * from './annotations';
export * from './api';
export { collapse } from './collapse';
export * from './entityNames';
export * from './format';
export * from './permissions';
export * from './kpiCatalogue';
export * from './NaapClient';
export * from './openApiClient';
export * from './pages';
export * from './time';
export * from './verdict';
