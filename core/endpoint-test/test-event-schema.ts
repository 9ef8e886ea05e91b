import * as z from 'zod/mini';
import { payloadSchema, typeSchema } from '#core/event/event-schema.ts';
import { fields } from '#core/validation/schemas.ts';

/** The body of a test, for the OpenAPI document. `readTestEvent` reads the text itself to keep the bytes of the payload. */
export const testEventSchema = fields({ type: z.optional(typeSchema), payload: z.optional(payloadSchema) });
