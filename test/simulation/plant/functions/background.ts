import type { FanOutPorts } from '#lambdas/fan-out/handle-message.ts';
import type { QuarantinePorts } from '#lambdas/quarantine/handle-message.ts';
import type { SweepPorts } from '#lambdas/reconcile/reconcile.ts';
import type { TickPorts } from '#lambdas/scheduler/tick.ts';
import type { TaskPorts } from '#lambdas/tasks/handle-message.ts';
import type { Queued } from '../queues.ts';
import type { Services } from '../services.ts';

const day = 24 * 60 * 60_000;
const pageSize = 100;
// What functions keep for what is at hand.
const reserve = 10_000;

/** Whether the invocation has time for more. */
const hasTimeIn =
  ({ plant, life }: Services) =>
  (): boolean =>
    life.startedAt + plant.timeLimit(life.by) - plant.clock.now > reserve;

export const postpone =
  ({ effect, plant }: Services, message: Queued) =>
  (_receiptHandle: string, delay: number): Promise<void> =>
    effect('visibility', () => plant.queues.postpone(message, delay));

export function fanOutPorts(services: Services, message: Queued): FanOutPorts {
  const { stores, dispatching, wake, drain, endpoint, event, send } = services;
  const { deliveries, attention, progress, events } = stores;
  return {
    ...dispatching,
    ...{ event, segment: events.segment, progress, deliveries, wake, attention, endpoint },
    held: (endpointId, shard, limit) => deliveries.held(endpointId, shard, { limit }),
    queueStep: (step, delay) => drain(step, step.step, delay),
    within: (_, work) => work(),
    postpone: postpone(services, message),
    sendAgain: ({ body, groupId = '' }, delay) => send('fan-out', body, groupId, delay),
  };
}

export function schedulerPorts(services: Services): TickPorts {
  const { plant, now, stores, wake, drain, announce, endpoint, expired } = services;
  const { deliveries, endpoints, attention } = stores;
  return {
    ...{
      now,
      random: plant.random,
      hasTime: hasTimeIn(services),
      deliveries,
      wake,
      drain,
      announce,
      endpoint,
      attention,
    },
    due: (shard, until, after) => deliveries.due(shard, until, { after, limit: pageSize }),
    held: (endpointId, shard, { after, limit = pageSize, until } = {}) =>
      deliveries.held(endpointId, shard, { after, limit }, until),
    newestHeld: deliveries.newestHeld,
    unroute: async ({ endpoint: { applicationId, id } }) =>
      void (await endpoints.update(applicationId, id, (record) => record)),
    expired,
    pack: async () => true,
    purge: async () => true,
    onError: (_, error) => void plant.errors.push(error),
  };
}

export function tasksPorts(services: Services): TaskPorts {
  const { plant, now, stores, wake, endpoint, event, queueStep, send } = services;
  const { deliveries, events, tasks } = stores;
  return {
    ...{ now, hasTime: hasTimeIn(services), retention: plant.tables.retentionDays * day },
    ...{ endpoint, event, deliveries, wake },
    ...{ segment: events.segment, erase: events.erase, erased: events.erased, keepEvent: events.keep },
    ...{ getMany: deliveries.getMany, deadBy: deliveries.deadBy, unsuccessful: deliveries.unsuccessful },
    ...{ tasks, queueStep },
    sendAgain: ({ body, groupId = '' }, delay) => send('redrive', body, groupId, delay),
    setAside: (body) => send('dead-letter', body, ''),
    onUnreadable: (reason) => void plant.errors.push(new Error(reason)),
  };
}

export function quarantinePorts(services: Services): QuarantinePorts {
  const { now, stores, deadLetter, disable, event, send } = services;
  return {
    ...{ now, deliveries: stores.deliveries, deadLetter, disable },
    eventExists: async (applicationId, eventId) => (await event(applicationId, eventId)) !== undefined,
    fanOut: (body, delay) => send('fan-out', body, body.applicationId, delay),
    setAside: (body) => send('dead-letter', body, ''),
    report: () => undefined,
  };
}

export function reconcilePorts(services: Services): SweepPorts {
  const { plant, stores, dispatching } = services;
  const { events, deliveries, sweeps, attention } = stores;
  return {
    ...dispatching,
    ...{ hasTime: hasTimeIn(services), retention: plant.tables.retentionDays * day, sweeps },
    segment: events.segment,
    applications: async ({ after }) =>
      after === undefined ? { items: [{ id: 'default' }], next: 'default' } : { items: [] },
    events: events.list,
    event: events.get,
    without: deliveries.without,
    everyHeld: (after) => deliveries.everyHeld({ after, limit: pageSize }),
    ...{ delivery: deliveries.get, watched: attention.watched, watch: attention.watch },
    onForgotten: () => undefined,
    onError: (_, error) => void plant.errors.push(error),
  };
}
