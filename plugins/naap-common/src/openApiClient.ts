import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/openapi';

/** The shapes of openapi.yaml, by name. */
export type NaapSchemas = components['schemas'];

/** A client of every path of openapi.yaml, with its parameters and answers typed. */
export type NaapOpenApiClient = Client<paths>;

/**
 * For programs outside the portal: the client that is made from the OpenAPI document. It answers `{data, error}` and
 * rejects only when there is no answer.
 *
 * @param options.baseUrl - up to and with the version: `http://localhost:7007/api/naap/v1`
 * @param options.token - not needed for the public part
 */
export function createNaapOpenApiClient(options: {
  baseUrl: string;
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
}): NaapOpenApiClient {
  const { token, ...rest } = options;
  return createClient<paths>({
    ...rest,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  });
}
