import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { FailedError } from '../../errors';
import type { Places } from '../../places';
import { spawnBackend } from '../../up/backend';
import { bundleBackend } from '../../up/buildPortal';
import type { WorkOptions } from '../Runner';

const CONFIGS = [
  'app-config.yaml',
  'app-config.distributed.yaml',
  'app-config.local.yaml',
];

/**
 * Runs a worker of the engines that the configuration names until this process
 * is stopped. It has a folder of its own, by what it does: two that do the same
 * on one machine need a `NAAP_HOME` each.
 *
 * @throws FailedError when it ends by itself
 */
export async function runWorker(
  { root, home }: Places,
  { steps, port }: WorkOptions,
): Promise<void> {
  await bundleBackend(root);
  const worker = spawnBackend(
    { root, home: join(home, 'workers', steps.join(',')) },
    {
      configs: CONFIGS,
      env: {
        NODE_ENV: 'production',
        // Nobody asks it anything that needs one.
        NAAP_TOKEN: randomBytes(24).toString('hex'),
        PORT: String(port),
        APP_CONFIG_naap_worker_steps: JSON.stringify(steps),
      },
    },
    text =>
      process.stderr.write(
        process.stderr.isTTY ? text : stripVTControlCharacters(text),
      ),
  );
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    worker.kill('SIGTERM');
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const code = await new Promise(resolve => worker.once('close', resolve));
  if (!isStopped) throw new FailedError(`the worker ended with ${code}`);
}
