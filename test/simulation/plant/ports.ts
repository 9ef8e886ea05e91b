import type { Caller } from '#adapters/http-api/auth.ts';
import { applyChange } from '#core/circuit/apply.ts';
import { deadKey, dueKey, heldKey, shardOf } from '#core/delivery/attention.ts';
import type { Outgoing } from '#core/delivery/dispatch.ts';
import type { DrainProgress, WatchedEndpoint } from '#core/delivery/drain.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { KeyRecord } from '#core/idempotency/stored-answer.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import type { FanOutMessage } from '#core/message/message.ts';
import { deleteEvent } from '#lambdas/api/actions/delete-event.ts';
import { resetCircuit } from '#lambdas/api/actions/reset-circuit.ts';
import { retry } from '#lambdas/api/actions/retry.ts';
import { startTask } from '#lambdas/api/actions/start-task.ts';
import type { DeliverPorts } from '#lambdas/deliver/ports.ts';
import type { FanOutPorts } from '#lambdas/fan-out/handle-message.ts';
import { acceptEvents } from '#lambdas/ingest/accept.ts';
import { createIdempotency } from '#lambdas/ingest/idempotency.ts';
import type { IngestPorts } from '#lambdas/ingest/ports.ts';
import type { QuarantinePorts } from '#lambdas/quarantine/handle-message.ts';
import type { WalkPorts } from '#lambdas/reconcile/sweep.ts';
import type { TickPorts } from '#lambdas/scheduler/tick.ts';
import type { TaskPorts } from '#lambdas/tasks/handle-message.ts';
import { commonPorts, type Ground } from './common.ts';
import { Death, type Life } from './faults.ts';
import type { Queued } from './queues.ts';
import { keyOf } from './tables.ts';

const retentionDays = 30;
const retention = retentionDays * 24 * 60 * 60_000;

export const caller: Caller = {
  applicationId: 'default',
  isOperator: false,
  token: { id: 't', applicationId: 'default', name: '', scopes: ['admin'], createdAt: 0 },
};

/** The ports of each function, for one invocation. */
export function portsOf(plant: Ground, life: Life) {
  const { tables } = plant;
  const common = commonPorts(plant, life);
  const { now, effect, send, sendAll, deliveries, wake, event, segment, watch, announce, drain } = common;
  const { endpoint, dispatching, page, erase, erased, tasks, deadLetter } = common;

  const ingest: IngestPorts = {
    now,
    authenticate: async () => caller,
    rateLimiter: { take: async () => undefined },
    newEventId: plant.ids.event,
    accept: (applicationId, events, claim) =>
      acceptEvents(applicationId, events, claim, {
        ...dispatching,
        match: async () =>
          [...tables.endpoints].flatMap(([endpointId, { routed }]) => (routed ? { endpointId } : [])),
        events: {
          get: event,
          createSegments: async ({ id }, matched) =>
            effect('segments', () => {
              for (let n = 0; n * 1_000 < matched.length; n += 1)
                tables.segments.set(`${id} ${n}`, matched.slice(n * 1_000, (n + 1) * 1_000));
            }),
          create: async (next) =>
            effect('event', () => {
              const exists = tables.events.get(next.id);
              if (exists) return { exists };
              tables.events.set(next.id, next);
              return 'created' as const;
            }),
        },
        fanOut: (messages: readonly Outgoing<FanOutMessage>[]) => sendAll('fan-out', messages),
      }),
    idempotency: createIdempotency({
      now,
      random: () => 0.5,
      sleep: async (milliseconds) => {
        plant.now += milliseconds;
      },
      keys: {
        get: async ({ keyHash }) => tables.keys.items.get(keyHash),
        store: async ({ keyHash }, next: KeyRecord) => effect('key', () => tables.keys.store(keyHash, next)),
      },
      onError: (_, error) => {
        if (error instanceof Death) throw error;
      },
    }),
  };

  const fanOut = (message: Queued): FanOutPorts => ({
    ...dispatching,
    ...{ event, segment, deliveries, wake, endpoint },
    attention: {
      watched: async (endpointId) => tables.attention.get(endpointId),
      takeStep: async (entry: WatchedEndpoint, next: DrainProgress) =>
        effect('attention', () => {
          const standing = tables.attention.get(entry.endpointId);
          const isAsRead =
            standing?.since === entry.since && JSON.stringify(standing.drain) === JSON.stringify(entry.drain);
          if (isAsRead) tables.attention.set(entry.endpointId, { ...standing, drain: next });
          return isAsRead;
        }),
    },
    held: async (endpointId, shard, limit) => page(tables.under(heldKey(endpointId, shard)), { limit }),
    queueStep: (message, delay) => drain(message, message.step, delay),
    sendAgain: ({ body }, delay) => send('fan-out', body, delay),
    progress: {
      get: async (eventId, number) => tables.progress.items.get(`${eventId} ${number}`),
      store: async ({ id }, number, next) =>
        effect('progress', () => tables.progress.store(`${id} ${number}`, next) === 'stored'),
    },
    within: (_, work) => work(),
    postpone: async (_, delay) =>
      effect('visibility', () => {
        message.visibleAt = plant.now + delay;
      }),
  });

  const disable: DeliverPorts['disable'] = async ({ applicationId, endpointId }, reason, asOf) => {
    await watch({ endpointId });
    const since = plant.now;
    const changed = await effect('endpoint', () => {
      const found = tables.endpoints.get(endpointId);
      if (!found || found.state.status === 'disabled' || found.state.since > asOf) return false;
      found.state = { status: 'disabled', reason, since };
      return true;
    });
    if (changed) await announce({ type: 'endpoint.disabled', applicationId, endpointId, reason, since });
  };

  const deliver = (message: Queued): DeliverPorts => ({
    queueClass: message.queue === 'retry' ? 'retry' : 'normal',
    ...{ version: '0', now, random: () => 0.5, newClaimId: plant.newClaimId, deliveries, event, deadLetter },
    endpoint: async (endpointId) => tables.record(endpointId),
    send: ({ headers }) =>
      effect('request', () => {
        const to = String(headers['X-Hook0-Delivery-Id']);
        plant.requests.push({ deliveryId: to, at: plant.now });
        return plant.answer(to);
      }),
    // Receivers answer at once here, and no endpoint has a rate limit: world.ts has both.
    after: () => () => undefined,
    markSlow: async () => undefined,
    waiting: async () => 0,
    sleep: async (delay) => {
      plant.now += delay;
    },
    reserve: async () => plant.now,
    expired: async () => undefined,
    divert: (body) => send('slow', body, 0),
    wake: (body, delay) => send('retry', body, Math.min(delay, 900_000)),
    sendAgain: ({ body }, delay) => send('retry', body, delay),
    disable,
    circuits: {
      apply: (endpointId, change) =>
        effect('circuit', () => {
          const found = tables.endpoints.get(endpointId);
          if (!found) return undefined;
          const next = applyChange(found.circuit, change);
          if (next) found.circuit = next;
          return { applied: next !== undefined, circuit: found.circuit };
        }),
      ...{ watch, drain },
      announce: (type, { applicationId, endpointId }, epoch) =>
        announce({ type, applicationId, endpointId, epoch }),
      aliveAt: () => undefined,
      sawAlive: () => undefined,
    },
    postpone: async (_, delay) =>
      effect('visibility', () => {
        message.visibleAt = plant.now + delay;
      }),
    report: () => undefined,
  });

  const scheduler: TickPorts = {
    ...{ now, hasTime: () => true, deliveries, wake, drain, announce, endpoint },
    due: async (shard, until, after) => page(tables.under(dueKey(shard), until), { after }),
    held: async (endpointId, shard, { until, ...request } = {}) =>
      page(tables.under(heldKey(endpointId, shard), until), request),
    unroute: async (record) =>
      effect('endpoint', () => void tables.update(record.endpoint.id, (standing) => standing, plant.now)),
    expired: async ({ applicationId, endpointId, eventId, generation }) => {
      const of = { applicationId, endpointId, eventId, generation, reason: 'expired' };
      await effect('bus', () => plant.announced.push(lifecycleId({ type: 'delivery.cancelled', ...of })));
    },
    attention: {
      list: async () => [...tables.attention.values()].map((entry) => ({ kind: 'endpoint', ...entry })),
      clear: async (entry) =>
        effect('attention', () => {
          if (entry.kind !== 'endpoint') return;
          const isAsRead = tables.attention.get(entry.endpointId)?.since === entry.since;
          if (isAsRead) tables.attention.delete(entry.endpointId);
        }),
    },
    pack: async () => true,
    purge: async () => true,
    random: () => 0.5,
    onError: () => undefined,
  };

  const redrive: TaskPorts = {
    ...{
      now,
      hasTime: () => true,
      retention,
      endpoint,
      event,
      segment,
      deliveries,
      wake,
      erase,
      erased,
      tasks,
    },
    getMany: deliveries.getMany,
    queueStep: tasks.queueStep,
    deadBy: async (applicationId, shard, until, request) =>
      page(tables.under(deadKey(applicationId, shard), until), request),
    unsuccessful: async (endpointId, shard, { since, until, ...request }) => {
      const all = [...tables.deliveries.items.values()]
        .filter((one) => one.endpointId === endpointId && shardOf(one.eventId, deliveryShards) === shard)
        .filter(({ createdAt }) => createdAt >= since && createdAt < until)
        .filter(({ state }) => state.status === 'dead' || state.status === 'cancelled');
      return page(
        all.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1)),
        request,
      );
    },
    sendAgain: ({ body }, delay) => send('redrive', body, delay),
    setAside: (body) => send('dead-letter', body),
    onUnreadable: () => undefined,
  };

  const quarantine: QuarantinePorts = {
    ...{ now, deliveries, deadLetter, disable },
    eventExists: async (_, id) => tables.events.has(id),
    fanOut: (message, delay) => send('fan-out', message, delay),
    setAside: (body) => send('dead-letter', body),
    report: () => undefined,
  };

  const reconcile: WalkPorts = {
    ...dispatching,
    ...{ hasTime: () => true, retention, segment },
    applications: async ({ after }) =>
      after === undefined ? { items: [{ id: 'default' }], next: 'default' } : { items: [] },
    events: async (_, { since, until }) => ({
      items: [...tables.events.values()].filter(({ timestamp }) => timestamp >= since && timestamp < until),
    }),
    event: async (_, id) => tables.events.get(id),
    without: async (all) => all.filter((one) => !tables.deliveries.items.has(keyOf(one))),
    passes: {
      get: async () => tables.pass,
      store: async (next) =>
        effect('pass', () => {
          if ((tables.pass?.revision ?? 0) !== next.revision - 1) return false;
          tables.pass = next;
          return true;
        }),
    },
  };

  const endpoints = {
    get: async (_: string, id: string) => tables.record(id),
    update: async (_: string, id: string, change: Parameters<typeof tables.update>[1]) =>
      effect('endpoint', () => tables.update(id, change, plant.now)),
    remove: async (_: string, id: string) => effect('endpoint', () => tables.remove(id, plant.now)),
  };
  /** As in the api function: the scheduler starts a drain that this function could not. */
  const drainOrNot = async (of: { readonly endpointId: string }) => {
    await drain(of).catch((error) => {
      if (error instanceof Death) throw error;
    });
  };
  const services = {
    ...{ endpoints, deliveries, tasks },
    events: {
      get: event,
      segment: async (id: string, n: number) => (await segment(id, n))?.slice(),
      erase,
      erased,
    },
    ...{ wake, watch, drain: drainOrNot, ids: plant.ids, now, retentionDays },
    closeCircuit: (id: string, epoch: number) =>
      effect('circuit', () => {
        const found = tables.endpoints.get(id);
        if (found?.circuit.epoch !== epoch) return undefined;
        const closed = found.circuit;
        found.circuit = { state: 'closed', epoch: epoch + 1, since: plant.now, failures: 0 };
        return closed;
      }),
    announceClosed: (of: { readonly applicationId: string; readonly endpointId: string }, epoch: number) =>
      announce({ type: 'circuit.closed', ...of, epoch }),
  };
  const api = {
    endpoints,
    drain: drainOrNot,
    startTask: startTask.bind(undefined, services),
    retry: retry.bind(undefined, services),
    deleteEvent: deleteEvent.bind(undefined, services),
    resetCircuit: (endpointId: string) => {
      const record = tables.record(endpointId);
      if (!record) throw new Error(`there is no ${endpointId}`);
      return resetCircuit(services, record);
    },
  };

  return { ingest, fanOut, deliver, scheduler, redrive, quarantine, reconcile, api };
}
