import type { Delivery } from '#core/delivery/delivery.ts';
import { endWithEvent } from '#core/delivery/end-with-event.ts';
import type { Deliveries } from '#core/delivery/transition.ts';
import type { Matched } from '#core/event/event.ts';
import { matchedEndpoints, type ReadSegment } from '#core/event/matched.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { countEach, nothing, perStep } from './progress.ts';

type DeleteEvent = Extract<TaskWork, { kind: 'delete-event' }>;

export interface EndDeliveriesPorts {
  /** Epoch milliseconds. */
  now(): number;
  readonly deliveries: Pick<Deliveries, 'store'>;
  /** Those of an event's deliveries that have an item. */
  getMany(eventId: string, endpointIds: readonly string[]): Promise<readonly Delivery[]>;
  readonly segment: ReadSegment;
  /** Deletes an event, if that was not done before. Returns what is left of it, undefined when there never was one. */
  erase(applicationId: string, eventId: string): Promise<Matched | undefined>;
  /** Notes that all deliveries of an erased event are ended. */
  erased(applicationId: string, event: Matched): Promise<void>;
}

// This task sends nothing, so its pace protects no receiver: a step takes what a function writes well within its time.
const stepsInOne = 5;

/** Ends the deliveries of a deleted event, in the order in which its endpoints matched. */
export async function endDeliveries(
  { applicationId, cursor }: Task,
  work: DeleteEvent,
  ports: EndDeliveriesPorts,
): Promise<TaskProgress> {
  const event = await ports.erase(applicationId, work.eventId);
  if (!event) return nothing;
  const start = cursor.part;
  const matched = await matchedEndpoints(event, start, perStep * stepsInOne, ports.segment);
  const ids = matched.map(({ endpointId }) => endpointId);
  const stored = await ports.getMany(event.id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  const of = { applicationId, id: event.id };
  const done = await countEach(matched, (one) =>
    endWithEvent(ports.deliveries, of, one, byEndpoint.get(one.endpointId), ports.now()),
  );
  const end = start + matched.length;
  if (matched.length > 0 && end < event.endpointCount) return { ...done, cursor: { part: end } };
  await ports.erased(applicationId, event);
  return done;
}
