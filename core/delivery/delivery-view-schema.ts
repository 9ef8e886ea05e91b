import * as z from 'zod/mini';
import { count, described, id, time } from '#core/validation/view-schemas.ts';
import { apiStatuses } from './api-status.ts';

export const attemptViewSchema = z.strictObject({
  number: described(count(), 'Starts at 1 in each generation.'),
  generation: count(),
  startedAt: time(),
  duration: described(count(), 'Milliseconds.'),
  success: z.boolean(),
  statusCode: z.optional(described(z.int(), 'Absent without an answer.')),
  responseHeaders: z.optional(z.record(z.string(), z.string())),
  responseBody: z.optional(described(z.string(), 'At most 1 KB of text.')),
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
    described(
      z.enum(['backoff', 'circuit', 'internal', 'paused', 'rate_limit', 'scheduled']),
      'Only while it is held.',
    ),
  ),
  heldSince: z.optional(described(time(), 'Only while it is held, and not while it waits in a queue.')),
  reason: z.optional(described(z.string(), 'Only of a dead or cancelled delivery.')),
  generation: described(
    count(),
    'The number of the run of attempts. A retry or redrive starts the next one.',
  ),
  attempts: described(
    z.array(attemptViewSchema),
    'The last 20 attempts of all generations, oldest first. Only the last 5 have bodies and headers.',
  ),
  createdAt: time(),
  settledAt: z.optional(time()),
  nextAttempt: z.optional(
    described(
      count(),
      'The number of the attempt that is next or running; absent after the delivery has settled.',
    ),
  ),
  nextAttemptAt: z.optional(
    described(
      time(),
      'The earliest time of the next attempt; absent while an attempt may be running, and while the time is not known, such as during a pause.',
    ),
  ),
};

export const deliveryViewSchema = z.strictObject(delivery);

export const deadLetterViewSchema = z.strictObject({
  ...delivery,
  finalError: described(z.string(), 'The error of the last attempt, or the status of its answer.'),
  retryCount: described(count(), 'Attempts after the first in the last generation.'),
  timestamp: described(time(), 'When it became a dead letter.'),
});
