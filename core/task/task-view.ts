import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { Task } from './task.ts';
import type { taskViewSchema } from './task-view-schema.ts';

/** A task as the API shows it. */
export function taskView(task: Task): ViewOf<typeof taskViewSchema> {
  const { id, work, dryRun = false, status, total, started, skipped } = task;
  return {
    id,
    type: work.kind,
    status,
    dryRun,
    processed: started + skipped,
    started,
    skipped,
    total,
    eventId: 'eventId' in work ? work.eventId : undefined,
    endpointId: 'endpointId' in work ? work.endpointId : undefined,
    since: work.kind === 'recover' ? iso(work.since) : undefined,
    until: work.kind === 'recover' ? iso(work.until) : undefined,
    createdAt: iso(task.createdAt),
    updatedAt: iso(task.updatedAt),
  };
}
