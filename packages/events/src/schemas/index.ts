import { EVENT_FAMILIES, EventFamily } from '../families';
import { envelopeSchema } from './envelope';
import { dataSchemas } from './families';
import { JsonSchema } from './JsonSchema';
import { orchestratorScrapeSchema } from './scrape';

export { dataSchemas, envelopeSchema, orchestratorScrapeSchema };
export type { JsonSchema };

function messageSchema(family: EventFamily): JsonSchema {
  const data = dataSchemas[family];
  return {
    ...envelopeSchema,
    title: `${family}: ${data.title}`,
    properties: {
      ...(envelopeSchema.properties as JsonSchema),
      type: { const: family },
      data: {
        if: { type: 'string' },
        then: { contentMediaType: 'application/json', contentSchema: data },
        else: { allOf: [{ not: { type: 'null' } }, data] },
      },
    },
  };
}

/** The whole message of every family. */
export const messageSchemas: Readonly<Record<EventFamily, JsonSchema>> =
  Object.fromEntries(
    EVENT_FAMILIES.map(family => [family, messageSchema(family)]),
  ) as Record<EventFamily, JsonSchema>;
