import { ownerOnly } from '@naap/system';
import { completeEnvironment } from './environment';
import { createPortal } from './portal';
import { endWithParent } from './supervision';

async function main(): Promise<void> {
  ownerOnly();
  // What others write there may be lost too, and must not end the process.
  process.stderr.on('error', () => {});
  completeEnvironment(process.env);
  endWithParent(process);

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
