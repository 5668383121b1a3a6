/**
 * The `naap` backend plugin: API, steps and loop of the platform.
 *
 * @packageDocumentation
 */
export { naapPlugin as default } from './plugin';
