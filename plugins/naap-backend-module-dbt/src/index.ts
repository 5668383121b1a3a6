/**
 * The dbt module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
export { naapModuleDbt as default } from './module';
