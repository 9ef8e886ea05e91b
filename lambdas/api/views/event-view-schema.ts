import * as z from 'zod/mini';
import { nextCursorSchema } from '#adapters/http-api/page-schema.ts';
import { deliveryViewSchema } from '#core/delivery/delivery-view-schema.ts';
import { count, described, id, time } from '#core/validation/view-schemas.ts';

const summary = {
  id: id('event'),
  applicationId: id('application'),
  type: z.string(),
  source: z.optional(z.string()),
  tags: z.array(z.string()),
  timestamp: described(time(), 'When the event was accepted.'),
  deliverAt: z.optional(described(time(), 'The time of the first attempts; absent without a delay.')),
  webhookCount: described(count(), 'How many endpoints matched.'),
};

export const eventSummarySchema = z.strictObject(summary);

export const eventDetailSchema = z.strictObject({
  ...summary,
  payload: described(z.unknown(), 'The payload, byte for byte as it was posted.'),
  deliveries: described(z.array(deliveryViewSchema), 'A page of deliveries, in the order of the endpoints.'),
  nextCursor: nextCursorSchema(),
});
