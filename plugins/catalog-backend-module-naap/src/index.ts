/**
 * The `naap` module of the catalog backend plugin.
 *
 * @packageDocumentation
 */
export { catalogModuleNaap as default } from './module';
