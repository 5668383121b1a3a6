import { acquire, FileLocks, ownerOnly } from '@naap/system';
import { join } from 'node:path';
import { completeEnvironment } from './environment';
import { createPortal } from './portal';
import { endWithParent } from './supervision';

/** Another portal on the home may be on its way out. */
const WAIT_MS = 10_000;

async function main(): Promise<void> {
  ownerOnly();
  // What others write there may be lost too, and must not end the process.
  process.stderr.on('error', () => {});
  const home = completeEnvironment(process.env);
  endWithParent(process);
  // Held for as long as this process lives: who starts the next portal waits for it.
  await acquire(new FileLocks(join(home, 'run')), 'portal', {
    what: `The portal of ${home}`,
    waitMs: WAIT_MS,
  });

  const backend = createPortal();

  backend.add(import('./platform'));
  backend.add(import('@naap/plugin-naap-backend-module-dbt'));
  backend.add(import('@naap/plugin-naap-backend-module-ingestion'));
  backend.add(import('@naap/plugin-naap-backend-module-lakehouse'));
  backend.add(import('@naap/plugin-naap-backend-module-serving'));

  await backend.start();
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
