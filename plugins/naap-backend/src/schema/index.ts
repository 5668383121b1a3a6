import document from './openapi.yaml';

type OpenApiDocument = {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, {}> };
};

/** The API's OpenAPI document. The bundlers turn YAML imports into objects; the ambient type says string. */
export const spec = document as unknown as OpenApiDocument;
