import * as z from 'zod/mini';
import { count, described, id, time } from '../validation/view-schemas.ts';
import type { taskView } from './task.ts';

export const taskViewSchema: z.ZodMiniType<ReturnType<typeof taskView>> = z.strictObject({
  id: id('task'),
  type: z.enum(['redrive', 'replay']),
  status: z.enum(['queued', 'running', 'completed', 'cancelled']),
  started: described(count(), 'Deliveries that it started again.'),
  skipped: described(
    count(),
    'Deliveries that it left as they were: no longer in question, or their endpoint takes nothing.',
  ),
  eventId: z.optional(id('event')),
  endpointId: z.optional(id('endpoint')),
  createdAt: time(),
  updatedAt: time(),
});

export const startedTaskSchema = z.strictObject({ taskId: id('task') });
