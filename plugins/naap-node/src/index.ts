/**
 * What a layer of the platform brings to the `naap` backend plugin: pipeline steps and services.
 *
 * @packageDocumentation
 */
export * from './extensions';
export * from './layers';
export * from './lineage';
export * from './services';
export * from './settings';
export * from './steps';
export * from './translated';
