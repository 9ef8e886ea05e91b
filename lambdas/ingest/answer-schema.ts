import * as z from 'zod/mini';
import { problemSchema } from '../core/problem-schema.ts';
import { count, described, id } from '../core/validation/view-schemas.ts';

export const acceptedSchema = z.strictObject({
  success: z.literal(true),
  eventId: id('event'),
  webhookCount: described(count(), 'Endpoints that matched: deliveries that are queued or held.'),
});

export const batchAnswerSchema = z.strictObject({
  results: described(
    z.array(z.union([acceptedSchema, z.strictObject({ success: z.literal(false), error: problemSchema })])),
    'One for each event, in order.',
  ),
});
