import * as z from 'zod/mini';
import { attemptViewSchema } from '#core/delivery/delivery-view-schema.ts';
import { described } from '#core/validation/view-schemas.ts';

/** The result of a test. */
export const endpointTestViewSchema = z.strictObject({
  success: z.boolean(),
  eventId: described(
    z.string().check(z.regex(/^evt_test_/)),
    'The webhook-id that the receiver gets. No event with this id is stored.',
  ),
  eventType: z.string(),
  attempt: attemptViewSchema,
});
