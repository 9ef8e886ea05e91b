import * as z from 'zod/mini';
import { problemSchema } from '#core/validation/problem-schema.ts';
import { count, described, id, time } from '#core/validation/view-schemas.ts';

export const acceptedSchema = z.strictObject({
  success: z.literal(true),
  eventId: id('event'),
  webhookCount: described(count(), 'How many endpoints matched. Each has a delivery that is queued or held.'),
});

/** The answer of the original Hook0. */
export const v1AcceptedSchema = z.strictObject({
  application_id: z.string(),
  event_id: described(z.string(), 'The event_id of the request, or else the UUID in eventId.'),
  received_at: time(),
  eventId: id('event'),
});

export const batchAnswerSchema = z.strictObject({
  results: described(
    z.array(z.union([acceptedSchema, z.strictObject({ success: z.literal(false), error: problemSchema })])),
    'One result for each event, in order.',
  ),
});
