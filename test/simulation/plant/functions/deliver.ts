import type { QueueClass } from '#lambdas/deliver/env.ts';
import type { DeliverPorts } from '#lambdas/deliver/ports.ts';
import { createSlowMarks } from '#lambdas/deliver/slow-marks.ts';
import type { Queued, QueueName } from '../queues.ts';
import type { Services } from '../services.ts';
import { postpone } from './background.ts';

const longestHold = 14 * 24 * 3_600_000;

/** The ports of the deliver function that consumes this queue. */
export function deliverPorts(
  services: Services,
  queue: QueueName & QueueClass,
  message: Queued,
): DeliverPorts {
  const { plant, life, now, effect, stores, send, announce, expired, once } = services;
  const { clock } = plant;
  const { reader, slots, slowMarks, circuits, attention, deliveries, events } = stores;
  return {
    ...{
      queueClass: queue,
      version: '0',
      deployment: 'test',
      shortestDelay: 0,
      now,
      random: plant.random,
      newClaimId: plant.newClaimId,
    },
    ...{ once, deliveries, expired, deadLetter: services.deadLetter, disable: services.disable },
    endpoint: (endpointId, options) => reader.load(endpointId, options),
    event: (applicationId, eventId, options) => events.get(applicationId, eventId, options),
    send: (request) => effect('request', () => plant.request(queue, request)),
    // A function that died has no timers any more.
    after: (delay, ring) => clock.after(delay, () => (life.isOver ? undefined : ring())),
    sleep: (delay) => plant.sleep(delay),
    reserve: ({ endpoint, slots: known }, perSecond, lostAt) =>
      slots.reserve(
        endpoint.id,
        { perSecond, count: 1, asOf: endpoint.updatedAt, ...(lostAt === undefined ? {} : { lostAt }) },
        known,
        longestHold,
      ),
    markSlow: createSlowMarks({
      ...{ now, capacity: 1, failed: () => undefined },
      mark: (endpointId, mark) => slowMarks.mark(endpointId, mark),
    }),
    waiting: () => effect(`${queue} queue.size`, () => plant.waiting(queue)).catch(() => 0),
    divert: (body) => send('slow', body, body.endpointId),
    wake: (body, delay) => send('retry', body, body.endpointId, delay),
    sendAgain: ({ body, groupId = '' }, delay) => send('retry', body, groupId, delay),
    circuits: {
      store: circuits.store,
      watch: attention.watch,
      drain: services.drain,
      announce: (type, { applicationId, endpointId }, epoch) =>
        announce({ type, applicationId, endpointId, epoch }),
      aliveAt: () => undefined,
      sawAlive: () => undefined,
    },
    postpone: postpone(services, message),
    report: (attempt) => void plant.reports.push(attempt),
    onCredentialsUnavailable: (_, error) => void plant.errors.push(error),
  };
}
