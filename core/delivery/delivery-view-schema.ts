import * as z from 'zod/mini';
import { count, described, id, time } from '#core/validation/view-schemas.ts';
import { apiStatuses } from './api-status.ts';

export const attemptViewSchema = z.strictObject({
  number: described(count(), 'Counts from 1 within its generation.'),
  generation: count(),
  startedAt: time(),
  duration: described(count(), 'Milliseconds.'),
  success: z.boolean(),
  statusCode: z.optional(described(z.int(), 'Absent when no answer came.')),
  responseHeaders: z.optional(z.record(z.string(), z.string())),
  responseBody: z.optional(described(z.string(), 'At most 1 KB, as text.')),
  errorClass: z.optional(z.string()),
  error: z.optional(z.string()),
  retryable: z.boolean(),
  nextAttemptAt: z.optional(time()),
});

const delivery = {
  id: id('delivery'),
  eventId: id('event'),
  endpointId: id('endpoint'),
  status: z.enum(apiStatuses),
  heldFor: z.optional(
    described(z.enum(['backoff', 'circuit', 'paused', 'rate_limit', 'scheduled']), 'Only of a held one.'),
  ),
  heldSince: z.optional(described(time(), 'Only of a held one, and not while it waits in a queue.')),
  reason: z.optional(described(z.string(), 'Only of a dead or cancelled one.')),
  generation: described(count(), 'Which run of attempts this is; 1 for the first.'),
  attempts: described(
    z.array(attemptViewSchema),
    'The last 20 of all generations, oldest first; bodies and headers of the last 5.',
  ),
  createdAt: time(),
  settledAt: z.optional(time()),
  nextAttempt: z.optional(
    described(
      count(),
      'The number of the attempt that comes next or may be running; absent once it is settled.',
    ),
  ),
  nextAttemptAt: z.optional(
    described(
      time(),
      'No attempt starts before it; absent while one may be running or nobody can know, as during a pause.',
    ),
  ),
};

export const deliveryViewSchema = z.strictObject(delivery);

export const deadLetterViewSchema = z.strictObject({
  ...delivery,
  finalError: described(z.string(), 'What the last attempt met.'),
  retryCount: described(count(), 'Attempts after the first, in the generation that died.'),
  timestamp: described(time(), 'When it died.'),
});
