/**
 * The seam between who brings events and what keeps them: interface and positions alone, without any implementation.
 *
 * @packageDocumentation
 */
export * from './EventBus';
export * from './positions';
