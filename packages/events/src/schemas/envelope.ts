import { JsonSchema } from './JsonSchema';

const NON_EMPTY_TEXT = { type: 'string', minLength: 1 } as const;

/**
 * What every message must be before its family is asked. The bounds of the
 * timestamp (2020, a day after it came in) are not in the schema.
 */
export const envelopeSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Message of a go-livepeer gateway',
  type: 'object',
  required: ['type', 'timestamp', 'data'],
  properties: {
    id: {
      description:
        'Random uuid; without one, or with over 512 characters, the content is the identity',
    },
    type: { ...NON_EMPTY_TEXT, description: 'Family of the event' },
    timestamp: {
      description:
        'Clock of the gateway at publish: unix ms (seconds if under 10^11)',
      anyOf: [
        { type: 'number' },
        {
          type: 'string',
          pattern: '^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?$',
        },
      ],
    },
    gateway: { description: 'Host name of the gateway, often empty' },
    data: { description: 'A value, or JSON text of it', not: { type: 'null' } },
  },
};
