import type { HttpResponse } from '#adapters/http-api/response.ts';
import { endWithEvent } from '#core/delivery/end-with-event.ts';
import { inlineEndpoints } from '#core/event/event.ts';
import type { Deliveries, Erased, Events } from '../ports.ts';
import type { StartTask } from './start-task.ts';

export interface DeleteEventOptions {
  readonly events: Pick<Events, 'erase' | 'erased'>;
  readonly deliveries: Pick<Deliveries, 'getMany' | 'store'>;
  readonly startTask: StartTask;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Its deliveries are ended as well, or a task ends them. */
export type Deletion =
  | { readonly kind: 'done' }
  | { readonly kind: 'started'; readonly answer: HttpResponse };

/**
 * Deletes an event. Its payload is gone first, whatever happens then; what crashes before its deliveries are ended
 * may be asked for again. Undefined when there is no such event, or it was deleted already.
 */
export type DeleteEvent = (applicationId: string, eventId: string) => Promise<Deletion | undefined>;

export function createDeleteEvent({ events, deliveries, startTask, now }: DeleteEventOptions): DeleteEvent {
  async function endAll(applicationId: string, event: Erased): Promise<void> {
    const ids = event.endpoints.map(({ endpointId }) => endpointId);
    const stored = new Map(
      (await deliveries.getMany(event.id, ids)).map((delivery) => [delivery.endpointId, delivery]),
    );
    const of = { applicationId, id: event.id };
    await Promise.all(
      event.endpoints.map((matched) =>
        endWithEvent(deliveries, of, matched, stored.get(matched.endpointId), now()),
      ),
    );
  }

  return async (applicationId, eventId) => {
    const event = await events.erase(applicationId, eventId);
    if (event === undefined || event.isDone) return undefined;
    if (event.endpointCount > inlineEndpoints) {
      const work = { kind: 'delete-event', eventId } as const;
      return {
        kind: 'started',
        answer: await startTask(applicationId, work, { total: event.endpointCount }),
      };
    }
    await endAll(applicationId, event);
    await events.erased(applicationId, event);
    return { kind: 'done' };
  };
}
