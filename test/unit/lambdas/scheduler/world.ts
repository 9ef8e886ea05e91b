import type { OpenCircuit } from '#core/circuit/circuit.ts';
import type { AttentionEntry } from '#core/delivery/attention-entry.ts';
import { type Delivery, type DeliveryState, newDelivery } from '#core/delivery/delivery.ts';
import { watchdogEntryOf } from '#core/delivery/watchdog.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import type { TickPorts } from '#lambdas/scheduler/tick.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';

export const now = Date.UTC(2026, 0, 1);
export const minute = 60_000;

export const delivery = (eventId: string, state: DeliveryState): Delivery => ({
  ...newDelivery({ applicationId: 'app', endpointId: 'ep', eventId, priority: 'normal' }, now - minute),
  revision: 1,
  state,
});

export function world(
  all: readonly Delivery[],
  entries: readonly AttentionEntry[] = [],
  endpoint: Partial<EndpointRecord> & Pick<EndpointRecord, 'state'> = active,
) {
  const items = new Map(all.map((one) => [one.eventId, one]));
  const woken: { readonly eventId: string; readonly delay: number }[] = [];
  const cleared: AttentionEntry[] = [];
  const packed: string[] = [];
  const trouble: string[] = [];
  const steps: number[] = [];
  const unrouted: string[] = [];
  const expired: string[] = [];
  const announced: string[] = [];
  const under = (key: string, until = Infinity) =>
    [...items.values()].filter((one) => {
      const attention = watchdogEntryOf(one);
      return attention?.key === key && attention.at <= until;
    });
  const ports: TickPorts = {
    now: () => now,
    random: Math.random,
    hasTime: () => true,
    deliveries: {
      get: async (_, eventId) => items.get(eventId),
      store: async (next) => {
        items.set(next.eventId, next);
        return 'stored';
      },
    },
    wake: async ({ eventId }, _, delay) => {
      woken.push({ eventId, delay });
    },
    due: async (shard, until) => ({ items: under(`DUE#${shard}`, until) }),
    held: async (endpointId, shard, { limit, until }) => ({
      items: under(`HELD#${endpointId}#${shard}`, until)
        .toSorted((a, b) => a.createdAt - b.createdAt)
        .slice(0, limit),
    }),
    newestHeld: async (endpointId, shard, limit) =>
      under(`HELD#${endpointId}#${shard}`)
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .slice(0, limit),
    attention: {
      list: async () => entries,
      clear: async (entry) => {
        cleared.push(entry);
      },
    },
    endpoint: async () => ({ endpoint: anEndpoint({ id: 'ep', applicationId: 'app' }), ...endpoint }),
    unroute: async (record) => void unrouted.push(record.endpoint.id),
    drain: async (_, step) => void steps.push(step),
    expired: async ({ eventId }) => void expired.push(`${eventId} while ${items.get(eventId)?.state.status}`),
    announce: async (event) => void announced.push(lifecycleId(event)),
    pack: async ({ applicationId }) => {
      packed.push(applicationId);
      return true;
    },
    purge: async () => true,
    onError: (part) => trouble.push(part),
  };
  return { ports, items, woken, cleared, packed, trouble, steps, unrouted, expired, announced };
}

export const active = { state: { status: 'active', since: now - 10 * minute } } as const;
export const watching = (since: number): AttentionEntry & { readonly kind: 'endpoint' } => ({
  kind: 'endpoint',
  applicationId: 'app',
  endpointId: 'ep',
  since,
});
export const open: OpenCircuit = {
  state: 'open',
  revision: 1,
  epoch: 0,
  since: now - minute,
  failures: 5,
  failingSince: now - 2 * minute,
  until: now,
  reopenings: 0,
};
export const paused: DeliveryState = { status: 'held', heldFor: 'paused', since: now - minute };
