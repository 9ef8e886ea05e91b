import { endWithEvent } from '#core/delivery/end-with-event.ts';
import { matchedEndpoints } from '#core/event/matched.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { countEach, perStep } from './each.ts';
import type { RedrivePorts } from './ports.ts';

type DeleteEvent = Extract<TaskWork, { kind: 'delete-event' }>;

// Nothing is sent to anybody, so a step may take what a function can write well within its time.
const stepsInOne = 5;

/** Ends the deliveries of an event that was deleted, in the order in which its endpoints matched. */
export async function endDeliveries(
  task: Task,
  work: DeleteEvent,
  ports: RedrivePorts,
): Promise<TaskProgress> {
  const event = await ports.erase(task.applicationId, work.eventId);
  if (!event) return { started: 0, skipped: 0 };
  const start = task.cursor.part;
  const matched = await matchedEndpoints(event, start, perStep * stepsInOne, ports.segment);
  const ids = matched.map(({ endpointId }) => endpointId);
  const stored = await ports.getMany(event.id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  const of = { applicationId: task.applicationId, id: event.id };
  const done = await countEach(matched, async (one) => {
    const standing = byEndpoint.get(one.endpointId);
    const ended = await endWithEvent(ports.deliveries, of, one, standing, ports.now());
    return ended ? 'started' : 'skipped';
  });
  const end = start + matched.length;
  if (matched.length > 0 && end < event.endpointCount) return { ...done, cursor: { part: end } };
  await ports.erased(task.applicationId, event);
  return done;
}
