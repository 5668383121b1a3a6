import { ingestionServiceFactory } from './ingestion';
import {
  lakehouseServiceFactory,
  warehouseServiceFactory,
  workerServiceFactory,
} from './lakehouse';
import { servingServiceFactory } from './serving';

/** One process on one home. */
export const embeddedLayers = [
  ingestionServiceFactory,
  lakehouseServiceFactory,
  servingServiceFactory,
  warehouseServiceFactory,
  workerServiceFactory,
];
