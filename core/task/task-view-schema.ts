import * as z from 'zod/mini';
import { count, described, id, time } from '#core/validation/view-schemas.ts';

export const taskViewSchema = z.strictObject({
  id: id('task'),
  type: z.enum(['redrive', 'replay', 'recover', 'delete-event']),
  status: z.enum(['queued', 'running', 'completed', 'cancelled']),
  dryRun: described(z.boolean(), 'Whether it only counts what it would start.'),
  processed: described(count(), 'Deliveries that it has looked at: started and skipped.'),
  started: described(
    count(),
    'Deliveries that it started again or, after their event was deleted, cancelled.',
  ),
  skipped: described(
    count(),
    'Deliveries that it left as they were: no longer in question, or their endpoint takes nothing.',
  ),
  total: z.optional(
    described(count(), 'Deliveries that it is to look at; absent where only its end will tell.'),
  ),
  eventId: z.optional(id('event')),
  endpointId: z.optional(id('endpoint')),
  since: z.optional(described(time(), 'Of a recovery: events of this time or later.')),
  until: z.optional(described(time(), 'Of a recovery: events before this time.')),
  createdAt: time(),
  updatedAt: time(),
});

export const startedTaskSchema = z.strictObject({ taskId: id('task') });
