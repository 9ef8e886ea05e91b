import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { openDeliveries } from '#adapters/dynamodb/delivery/open-deliveries.ts';
import { createOutlineReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createUnroute } from '#adapters/dynamodb/endpoint/unroute.ts';
import { createPurgeStore } from '#adapters/dynamodb/purge/purge-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { purgeApplication } from '#lambdas/scheduler/purge.ts';
import { type TickPorts, tick } from '#lambdas/scheduler/tick.ts';
import { api, database } from './api-fixture.ts';
import { through } from './config-fixtures.ts';
import { clock, minute } from './furnished-application.ts';

interface Breaks {
  /** Whether the command with this number fails. */
  readonly at?: (command: number) => boolean;
  readonly hasTime?: () => boolean;
}

/** The scheduler over the real stores; what it wakes is cancelled, as deliver does when an endpoint is gone. */
export function scheduler({ at = () => false, hasTime = () => true }: Breaks = {}) {
  let commands = 0;
  const client = through(database.client, async (command) => {
    commands += 1;
    if (at(commands)) throw new Error('crashed');
    return database.client.send(command);
  });
  const config = { ...api.config, client };
  const event = { ...api.event, client };
  const deliveries = createDeliveryStore(event);
  const attention = createAttentionStore(config);
  const unroute = createUnroute(config);
  const troubles: unknown[] = [];
  const ports: TickPorts = {
    now: () => clock.now,
    hasTime,
    deliveries,
    wake: async (delivery) => {
      const standing = await deliveries.get(delivery.endpointId, delivery.eventId);
      if (standing === undefined || (await createOutlineReader(config).load(delivery.endpointId))) return;
      const state = { status: 'cancelled', reason: 'endpoint_deleted', settledAt: clock.now } as const;
      await deliveries.store({ ...standing, revision: standing.revision + 1, state });
    },
    due: async () => ({ items: [] }),
    held: (endpointId, shard, { after, limit = 100, until }) =>
      deliveries.held(endpointId, shard, { after, limit }, until),
    newestHeld: deliveries.newestHeld,
    attention,
    endpoint: (endpointId) => createOutlineReader(config).load(endpointId, { consistent: true }),
    unroute: ({ endpoint }) => unroute(endpoint.id),
    drain: async () => undefined,
    expired: async () => undefined,
    announce: async () => undefined,
    random: Math.random,
    pack: async () => false,
    purge: (applicationId) =>
      purgeApplication(applicationId, {
        now: () => clock.now,
        hasTime,
        deliveries,
        removal: createPurgeStore(config),
        openDeliveries: (endpointId, from) => openDeliveries(event, endpointId, from),
        dead: (id, shard, after) =>
          deliveries.deadBy(id, shard, clock.now, { limit: 100, ...(after === undefined ? {} : { after }) }),
      }),
    onError: (_, error) => troubles.push(error),
  };
  return { run: () => tick(ports), troubles, commands: () => commands };
}

export const isPurging = async (): Promise<boolean> =>
  (await createAttentionStore(api.config).list()).some(({ kind }) => kind === 'purge');

/** Ticks, a minute apart, until nothing of an application is left to look after. */
export async function tickUntilGone(id: string, run: () => Promise<unknown>): Promise<void> {
  for (let ticks = 0; ticks < 20; ticks += 1) {
    await run();
    clock.now += minute;
    const left = await createAttentionStore(api.config).list();
    if (!left.some((entry) => entry.kind !== 'routes' && entry.applicationId === id)) return;
  }
  throw new Error('after 20 minutes the scheduler still looks after it');
}
