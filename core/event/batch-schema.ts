import * as z from 'zod/mini';
import { fields } from '#core/validation/schemas.ts';
import { envelopeSchema, eventLimits } from './event-schema.ts';

/** What `parseBatch` takes, which reads the text itself and gives each event its own result. */
export const batchSchema = fields({
  events: z
    .array(envelopeSchema)
    .check(z.minLength(1), z.maxLength(eventLimits.batch), z.describe(`1 to ${eventLimits.batch} events`)),
});
