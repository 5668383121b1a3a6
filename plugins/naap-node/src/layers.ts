import {
  createServiceRef,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { LakeWorker } from '@naap/lakehouse';
import type { GoldSource } from '@naap/plugin-naap-common';
import { isAbsolute } from 'node:path';

/** The Python worker that the lake's and the dbt module share: one process, one call at a time. */
export const lakeWorkerServiceRef = createServiceRef<LakeWorker>({
  id: 'naap.lake-worker',
  scope: 'plugin',
});

/** Where the sync takes gold from. */
export const goldSourceServiceRef = createServiceRef<GoldSource>({
  id: 'naap.gold-source',
  scope: 'plugin',
});

/** Id of the build that gold is of, null before the first. Asks no engine, so that a build that runs holds it up no more than another. */
export const goldBuildServiceRef = createServiceRef<
  () => Promise<string | null>
>({ id: 'naap.gold-build', scope: 'plugin' });

/** The directory of all state (`naap.home`), absolute. */
export function readNaapHome(config: RootConfigService): string {
  const home = config.getString('naap.home');
  if (!isAbsolute(home)) {
    throw new InputError(
      `naap.home is '${home}'; use an absolute path, or set NAAP_HOME`,
    );
  }
  return home;
}
