import * as z from 'zod/mini';
import { fields } from '#core/validation/schemas.ts';
import { envelopeSchema, eventLimits } from './event-schema.ts';

/** The form of a batch. `parseBatch` reads the text itself, because each event has its own result. */
export const batchSchema = fields({
  events: z
    .array(envelopeSchema)
    .check(z.minLength(1), z.maxLength(eventLimits.batch), z.describe(`1 to ${eventLimits.batch} events`)),
});
