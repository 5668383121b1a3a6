import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogModuleNaap from '..';
import { fakeNaap, NaapAnswers } from './naap';

/**
 * The real catalog with the module, beside a `naap` plugin that answers what it is told to.
 *
 * @param knex - its database; default SQLite in memory
 */
export async function startCatalog(
  answers: NaapAnswers,
  knex?: Awaited<ReturnType<TestDatabases['init']>>,
) {
  const backend = await startTestBackend({
    features: [
      catalogPlugin,
      catalogModuleNaap,
      fakeNaap(answers),
      ...(knex ? [mockServices.database.factory({ knex })] : []),
      mockServices.rootConfig.factory({
        data: { app: { baseUrl: 'http://localhost:3000' } },
      }),
    ],
  });
  const url = `http://localhost:${backend.server.port()}/api/catalog`;

  async function ask<T>(path: string): Promise<T> {
    const response = await fetch(`${url}${path}`);
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response.json() as Promise<T>;
  }
  return {
    ask,
    entities: () => ask<Entity[]>('/entities'),
    stop: () => backend.stop(),
  };
}
