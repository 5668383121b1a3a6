import type {
  BackendFeature,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { readNaapHome } from '@naap/plugin-naap-node';
import { acquire, FileLocks } from '@naap/system';
import { join } from 'node:path';
import { workerServiceFactory } from '../worker';
import { ingestionServiceFactory } from './ingestion';
import { lakehouseServiceFactory, warehouseServiceFactory } from './lakehouse';
import { servingServiceFactory } from './serving';

/** Another portal on the home may be on its way out. */
const WAIT_MS = 10_000;

const embeddedLayers = [
  ingestionServiceFactory,
  lakehouseServiceFactory,
  servingServiceFactory,
  warehouseServiceFactory,
  workerServiceFactory,
];

/**
 * One process on one home, which it holds for as long as it lives: who starts the next one waits for it.
 *
 * @throws LockedError
 */
export async function openEmbedded(
  config: RootConfigService,
): Promise<BackendFeature[]> {
  const home = readNaapHome(config);
  await acquire(new FileLocks(join(home, 'run')), 'portal', {
    what: `The portal of ${home}`,
    waitMs: WAIT_MS,
  });
  return embeddedLayers;
}
