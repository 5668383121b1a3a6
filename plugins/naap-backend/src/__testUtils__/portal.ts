import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import type { Connectors } from '@naap/plugin-naap-node';
import { setTimeout as delay } from 'node:timers/promises';
import request from 'supertest';
import naapPlugin from '..';
import { fakeLayers } from './fakes';

export const V1 = '/api/naap/v1';
/** Token of the source `sea`. */
export const SOURCE_TOKEN = 'gateway-token-0123456789';

/** The plugin with fake layers in a backend that listens. The loop runs when the test triggers `naap-loop`. */
export async function startPortal(
  options: {
    /** Which permissions everybody has; all without it. */
    allow?: (permission: string) => boolean;
    config?: object;
    /** None without it: no Kafka Connect is configured. */
    connectors?: Connectors;
  } = {},
) {
  const { allow = () => true } = options;
  const layers = fakeLayers(options.connectors);
  const scheduler = mockServices.scheduler();
  const records: Array<{ eventId: string; meta?: object; outcome: string }> =
    [];
  const auditor = mockServices.auditor.mock({
    createEvent: async ({ eventId, meta }) => {
      const record = { eventId, meta, outcome: 'open' };
      records.push(record);
      return {
        success: async () => {
          record.outcome = 'success';
        },
        fail: async ({ error }) => {
          record.outcome = String(error);
        },
      };
    },
  });
  const backend = await startTestBackend({
    features: [
      naapPlugin,
      layers.feature,
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      auditor.factory,
      mockServices.permissions.mock({
        authorize: async asked =>
          asked.map(({ permission }) => ({
            result: allow((permission as BasicPermission).name)
              ? AuthorizeResult.ALLOW
              : AuthorizeResult.DENY,
          })),
      }).factory,
      mockServices.rootConfig.factory({
        data: options.config ?? {
          naap: {
            ingestion: { sources: [{ name: 'sea', token: SOURCE_TOKEN }] },
          },
        },
      }),
    ],
  });
  return {
    ...layers,
    /** What was recorded by the auditor, and how it came out. */
    records,
    scheduler,
    backend,
    api: request(backend.server),
  };
}

/** Looks again and again until there is something. */
export async function until<T>(look: () => Promise<T> | T): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await delay(10);
  }
}
