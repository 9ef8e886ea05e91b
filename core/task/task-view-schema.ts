import * as z from 'zod/mini';
import { count, described, id, time } from '#core/validation/view-schemas.ts';

export const taskViewSchema = z.strictObject({
  id: id('task'),
  type: z.enum(['redrive', 'replay', 'recover', 'delete-event']),
  status: z.enum(['queued', 'running', 'completed', 'cancelled']),
  dryRun: described(z.boolean(), 'Whether it only counts what it would restart.'),
  processed: described(count(), 'Deliveries that it has checked: started and skipped.'),
  started: described(count(), 'Deliveries that it restarted or, of a deleted event, cancelled.'),
  skipped: described(
    count(),
    'Deliveries that it left unchanged, because they had moved on or their endpoint is disabled or deleted.',
  ),
  total: z.optional(
    described(count(), 'Deliveries that it will check; absent if that is not known from the start.'),
  ),
  eventId: z.optional(id('event')),
  endpointId: z.optional(id('endpoint')),
  since: z.optional(described(time(), 'Of a recovery: events at or after this time.')),
  until: z.optional(described(time(), 'Of a recovery: events before this time.')),
  createdAt: time(),
  updatedAt: time(),
});

export const startedTaskSchema = z.strictObject({ taskId: id('task') });
