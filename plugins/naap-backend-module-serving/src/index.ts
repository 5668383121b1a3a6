/**
 * The serving module of the `naap` backend plugin.
 *
 * @packageDocumentation
 */
export { naapModuleServing as default } from './module';
