import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

/**
 * Fills in what app-config.yaml takes from the environment, absolute so that the working directory doesn't matter:
 * `NAAP_ROOT` (this repository), `NAAP_HOME` (all state) and `NAAP_TOKEN`, the token of the CLI. Without one given
 * it is random, so nobody has it.
 */
export function completeEnvironment(env: NodeJS.ProcessEnv): void {
  env.NAAP_ROOT ??= resolvePackagePath('backend', '..', '..');
  env.NAAP_HOME = resolve(env.NAAP_ROOT, env.NAAP_HOME ?? '.naap');
  env.NAAP_TOKEN ??= randomBytes(24).toString('hex');
}
