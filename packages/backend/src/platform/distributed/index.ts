import { workerServiceFactory } from '../worker';
import { ingestionServiceFactory } from './ingestion';
import { lakehouseServiceFactory, warehouseServiceFactory } from './lakehouse';
import { servingServiceFactory } from './serving';

/** Engines that any number of processes share. The home is a folder of one process, for what may be lost. */
export const distributedLayers = [
  ingestionServiceFactory,
  lakehouseServiceFactory,
  servingServiceFactory,
  warehouseServiceFactory,
  workerServiceFactory,
];
