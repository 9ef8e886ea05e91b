import type { Caller } from '#adapters/http-api/auth.ts';
import { notFound } from '#core/problem/problem.ts';
import { createRequestWork } from '#core/routing/request-work.ts';
import { deleteEvent } from '#lambdas/api/actions/delete-event.ts';
import { resetCircuit } from '#lambdas/api/actions/reset-circuit.ts';
import { retry } from '#lambdas/api/actions/retry.ts';
import { startTask } from '#lambdas/api/actions/start-task.ts';
import { acceptEvents } from '#lambdas/ingest/accept.ts';
import { createIdempotency } from '#lambdas/ingest/idempotency.ts';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import { Death } from '../faults.ts';
import type { Services } from '../services.ts';

const caller: Caller = {
  ...{ applicationId: 'default', isOperator: false, hops: 0 },
  token: { id: 't', applicationId: 'default', name: '', scopes: ['admin'], createdAt: 0 },
};

export function ingestPorts(services: Services): IngestPorts {
  const { plant, now, stores, effect, sendAll, dispatching, event } = services;
  return {
    now,
    authenticate: async () => caller,
    rateLimiter: { take: async () => undefined },
    newEventId: plant.ids.event,
    accept: (applicationId, events, claim) =>
      acceptEvents(applicationId, events, claim, {
        ...dispatching,
        match: () => effect('routes.match', () => plant.routed()),
        requestWork: () => createRequestWork(),
        events: { ...stores.events, get: event },
        fanOut: (messages) => sendAll('fan-out', messages),
      }),
    idempotency: createIdempotency({
      ...{ now, random: plant.random, keys: stores.keys },
      sleep: (milliseconds) => plant.sleep(milliseconds),
      onError: (_, error) => {
        if (error instanceof Death) throw error;
      },
    }),
  };
}

/** What the API function does for a request, without its routes. */
export function apiActions(services: Services) {
  const { plant, now, stores, announce, wake, queueStep } = services;
  const { endpoints, attention, circuits } = stores;
  const shared = {
    ...{ endpoints, events: stores.events, deliveries: stores.deliveries, wake, now },
    ...{ tasks: { ...stores.tasks, queueStep }, ids: plant.ids, retentionDays: plant.tables.retentionDays },
    watch: attention.watch,
    closeCircuit: circuits.reset,
    announceClosed: (
      endpoint: { readonly applicationId: string; readonly endpointId: string },
      epoch: number,
    ) => announce({ type: 'circuit.closed', ...endpoint, epoch }),
    /** The scheduler starts a drain that this could not start. */
    drain: (of: { readonly applicationId: string; readonly endpointId: string }) =>
      services.drain(of).catch((error: unknown) => {
        if (error instanceof Death) throw error;
      }),
  };
  return {
    ...{ endpoints, now, drain: shared.drain },
    startTask: (work: Parameters<typeof startTask>[2]) => startTask(shared, 'default', work),
    retry: (deliveryId: string) => retry(shared, caller, deliveryId),
    deleteEvent: (eventId: string) => deleteEvent(shared, 'default', eventId),
    async resetCircuit(endpointId: string): Promise<void> {
      const record = await endpoints.get('default', endpointId);
      if (!record) throw notFound('endpoint', endpointId);
      await resetCircuit(shared, record);
    },
  };
}

export type ApiActions = ReturnType<typeof apiActions>;
