import * as z from 'zod/mini';
import { payloadSchema, typeSchema } from '#core/event/event-schema.ts';
import { fields } from '#core/validation/schemas.ts';

/** What `readTestEvent` takes, which reads the text itself, since the payload's bytes are kept. */
export const testEventSchema = fields({ type: z.optional(typeSchema), payload: z.optional(payloadSchema) });
