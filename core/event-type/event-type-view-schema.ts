import * as z from 'zod/mini';
import { described, id, time } from '#core/validation/view-schemas.ts';

export const eventTypeViewSchema = z.strictObject({
  name: z.string(),
  applicationId: id('application'),
  description: z.nullable(z.string()),
  schema: described(z.unknown(), 'The JSON Schema of payloads; null accepts every payload.'),
  example: described(z.unknown(), 'An example payload for people, or null.'),
  archived: described(z.boolean(), 'Whether events of this type are refused.'),
  createdAt: time(),
  updatedAt: time(),
});
