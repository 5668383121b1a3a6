import { workerServiceFactory } from '../worker';
import { ingestionServiceFactory } from './ingestion';
import { lakehouseServiceFactory, warehouseServiceFactory } from './lakehouse';
import { servingServiceFactory } from './serving';

/** One process on one home. */
export const embeddedLayers = [
  ingestionServiceFactory,
  lakehouseServiceFactory,
  servingServiceFactory,
  warehouseServiceFactory,
  workerServiceFactory,
];
