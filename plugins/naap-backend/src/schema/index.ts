import document from './openapi.yaml';

type Type =
  | 'array'
  | 'boolean'
  | 'integer'
  | 'null'
  | 'number'
  | 'object'
  | 'string';

/** A schema of the document, as far as somebody looks into it. */
export interface Schema {
  $ref?: string;
  type?: Type | Type[];
  description?: string;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  [extension: `x-${string}`]: unknown;
}

interface Operation {
  operationId: string;
  summary: string;
  parameters?: Array<{ name?: string; $ref?: string }>;
  /** Empty: no credentials are asked for. */
  security?: object[];
  responses: Record<string, object>;
}

export interface OpenApiDocument {
  info: { license: { name: string } };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** The API's OpenAPI document. The bundlers turn YAML imports into objects; the ambient type says string. */
export const spec = document as unknown as OpenApiDocument;
