import * as z from 'zod/mini';
import { described, id, time } from '#core/validation/view-schemas.ts';

export const eventTypeViewSchema = z.strictObject({
  name: z.string(),
  applicationId: id('application'),
  description: z.nullable(z.string()),
  schema: described(z.unknown(), 'The JSON Schema that payloads must pass; null takes every payload.'),
  example: described(z.unknown(), 'A payload, for people; null without one.'),
  archived: described(z.boolean(), 'Takes no events any more.'),
  createdAt: time(),
  updatedAt: time(),
});
