import * as z from 'zod/mini';
import { attemptViewSchema } from '#core/delivery/delivery-view-schema.ts';
import { described } from '#core/validation/view-schemas.ts';

/** What came of a test. */
export const endpointTestViewSchema = z.strictObject({
  success: z.boolean(),
  eventId: described(
    z.string().check(z.regex(/^evt_test_/)),
    'What the receiver gets as webhook-id; of no stored event.',
  ),
  eventType: z.string(),
  attempt: attemptViewSchema,
});
