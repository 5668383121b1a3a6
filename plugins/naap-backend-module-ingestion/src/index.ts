/**
 * The ingestion module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
export { naapModuleIngestion as default } from './module';
