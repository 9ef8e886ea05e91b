import type { HttpResponse } from '#adapters/http-api/response.ts';
import { endWithEvent } from '#core/delivery/end-with-event.ts';
import { inlineEndpoints, type Matched } from '#core/event/event.ts';
import type { Services, Uses } from '../services.ts';
import { startTask, type TaskServices } from './start-task.ts';

/**
 * Deletes an event: first its payload, then its unsettled deliveries. A request that crashes in between can be repeated.
 *
 * @returns `done`, or the answer of the task that ends its many deliveries; undefined when there is no such event, or it
 *   was deleted already
 */
export async function deleteEvent(
  services: TaskServices & Uses<'events', 'erase' | 'erased'> & Uses<'deliveries', 'getMany' | 'store'>,
  applicationId: string,
  eventId: string,
): Promise<'done' | HttpResponse | undefined> {
  const { events } = services;
  const event = await events.erase(applicationId, eventId);
  if (event === undefined || event.isDone) return undefined;
  if (event.endpointCount > inlineEndpoints) {
    const work = { kind: 'delete-event', eventId } as const;
    return startTask(services, applicationId, work, { total: event.endpointCount });
  }
  await endDeliveries(services, applicationId, event);
  await events.erased(applicationId, event);
  return 'done';
}

async function endDeliveries(
  { deliveries, now }: Uses<'deliveries', 'getMany' | 'store'> & Pick<Services, 'now'>,
  applicationId: string,
  { id, endpoints }: Matched,
): Promise<void> {
  const ids = endpoints.map(({ endpointId }) => endpointId);
  const stored = await deliveries.getMany(id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  await Promise.all(
    endpoints.map((matched) =>
      endWithEvent(deliveries, { applicationId, id }, matched, byEndpoint.get(matched.endpointId), now()),
    ),
  );
}
