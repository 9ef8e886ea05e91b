import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#core/delivery/decide.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { shardOf } from '#core/delivery/watchdog.ts';
import type { MatchedEndpoint } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import { Problem } from '#core/problem/problem.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { newTask, type TaskWork } from '#core/task/task.ts';
import { retry } from '#lambdas/api/actions/retry.ts';
import { redriveLetter } from '#lambdas/tasks/dead-letter.ts';
import { type WorkPorts, workOn } from '#lambdas/tasks/task-step.ts';
import { anyStored, eventOf, idsAt, noon } from '#test/support/deliveries.ts';

const day = 24 * 60 * 60_000;
// After anything that the deliveries tell of.
const latest = noon + 2_000_000;
const ids = idsAt(noon);
const endpointIds = Array.from({ length: 6 }, () => ids.endpoint());
const matched: MatchedEndpoint[] = endpointIds.map((endpointId) => ({ endpointId, priority: 'normal' }));
const event = eventOf({ timestamp: noon - day, endpointCount: matched.length, endpoints: matched });
const policy = effectiveRetryPolicy('standard');
const keyOf = (of: { endpointId: string; eventId: string }) => deliveryId(of.endpointId, of.eventId);

/**
 * Deliveries of one event, whatever state they are in, and everything that starts some again. Just before a store, a
 * late 2xx of an attempt under way may turn the delivery into succeeded, as `success settles` allows at any time.
 */
function world(start: readonly Delivery[], late: ReadonlySet<string>) {
  const items = new Map(start.map((delivery) => [keyOf(delivery), delivery]));
  const succeeded = new Set(
    start.filter(({ state }) => state.status === 'succeeded').map(({ endpointId }) => endpointId),
  );
  const woken: string[] = [];
  const settleLate = (key: string) => {
    const standing = items.get(key);
    if (!standing || !late.has(standing.endpointId) || standing.state.status === 'succeeded') return;
    const result = {
      kind: 'answered',
      statusCode: 200,
      responseHeaders: {},
      responseBody: '',
      duration: 1,
    } as const;
    const of = { generation: 1, claimId: '', endpointSince: 0 };
    const fact = { kind: 'attempted', ...of, startedAt: noon, result, policy } as const;
    const { store } = decide(standing, fact, noon, 0);
    if (!store) return;
    items.set(key, store);
    succeeded.add(standing.endpointId);
  };
  const get = async (endpointId: string, eventId: string) => items.get(keyOf({ endpointId, eventId }));
  const store = async (next: Delivery) => {
    settleLate(keyOf(next));
    const standing = items.get(keyOf(next));
    if ((standing?.revision ?? 0) !== next.revision - 1) return { standing };
    items.set(keyOf(next), next);
    return 'stored' as const;
  };
  const getMany = async (eventId: string, of: readonly string[]) =>
    of.flatMap((endpointId) => items.get(keyOf({ endpointId, eventId })) ?? []);
  const record = { endpoint: {} as never, state: { status: 'active', since: noon } } as const;
  const wake = async ({ endpointId }: Delivery) => void woken.push(endpointId);
  const all = () => [...items.values()];
  const ports: WorkPorts = {
    ...{ now: () => noon, hasTime: () => true, retention: 30 * day, wake, getMany },
    ...{ deliveries: { get, store }, endpoint: async () => record },
    event: async () => event,
    keepEvent: async () => true,
    segment: async () => undefined,
    erase: async () => undefined,
    erased: async () => undefined,
    unsuccessful: async (endpointId, shard) => ({
      // As stale as it may be: what the states are is for those who read the item to find out.
      items: all().filter(
        (one) => one.endpointId === endpointId && shardOf(one.eventId, deliveryShards) === shard,
      ),
    }),
    deadBy: async (_, shard) => ({ items: shard === 0 ? all() : [] }),
  };
  const events = { get: async () => event, segment: async () => undefined, keep: async () => true };
  const services = {
    ...{ endpoints: { outline: async () => record }, events, deliveries: { get, store }, wake },
    ...{ now: () => noon, retentionDays: 30 },
  };
  return { items, succeeded, woken, ports, retry: retry.bind(undefined, services), all };
}

type Ask = (of: ReturnType<typeof world>) => Promise<unknown>;

const task =
  (work: TaskWork): Ask =>
  ({ ports }) =>
    workOn(newTask(ids.task(), 'default', work, latest), ports);

const asks: Readonly<Record<string, Ask>> = {
  retry: async ({ all, retry }) => {
    for (const delivery of all()) {
      await retry({ applicationId: 'default', hops: 0 }, keyOf(delivery)).catch((error) =>
        expect(error).toBeInstanceOf(Problem),
      );
    }
  },
  redrive: task({ kind: 'redrive' }),
  'redrive of named deliveries': task({
    kind: 'redrive',
    deliveryIds: endpointIds.map((endpointId) => keyOf({ endpointId, eventId: event.id })),
  }),
  'redrive by letters': async ({ all, ports }) => {
    for (const { applicationId, endpointId, eventId, generation } of all()) {
      const of = { applicationId, endpointId, eventId, generation };
      await redriveLetter({ v: 1, kind: 'dead-letter', reason: 'exhausted', ...of }, ports);
    }
  },
  replay: task({ kind: 'replay', eventId: event.id }),
  recover: async (of) => {
    for (const endpointId of endpointIds) {
      await task({ kind: 'recover', endpointId, since: 0, until: noon })(of);
    }
  },
};

const anyWorld = fc.record({
  deliveries: fc.array(fc.option(anyStored), { minLength: matched.length, maxLength: matched.length }),
  late: fc.subarray(endpointIds),
});

const worldOf = ({ deliveries, late }: { deliveries: (Delivery | null)[]; late: string[] }) =>
  world(
    deliveries.flatMap((delivery, index) => {
      const endpointId = endpointIds[index] ?? '';
      return delivery ? { ...delivery, endpointId, eventId: event.id, createdAt: event.timestamp } : [];
    }),
    new Set(late),
  );

describe('an endpoint that has had an event', () => {
  it.each(Object.keys(asks))('does not get it again by a %s', async (name) => {
    await fc.assert(
      fc.asyncProperty(anyWorld, async (start) => {
        const of = worldOf(start);
        const before = new Map(of.all().map(({ endpointId, generation }) => [endpointId, generation]));
        await asks[name]?.(of);
        for (const delivery of of.all()) {
          if (!of.succeeded.has(delivery.endpointId)) continue;
          expect(delivery.generation).toBe(before.get(delivery.endpointId));
          expect(delivery.state.status).toBe('succeeded');
          expect(of.woken).not.toContain(delivery.endpointId);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gets it again by a replay that names it', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, fc.constantFrom(...endpointIds), async (start, endpointId) => {
        const of = worldOf({ ...start, late: [] });
        const standing = of.items.get(keyOf({ endpointId, eventId: event.id }));
        if (standing?.state.status !== 'succeeded') return;
        await task({ kind: 'replay', eventId: event.id, endpointIds: [endpointId] })(of);
        expect(of.woken).toEqual([endpointId]);
      }),
      { numRuns: 300 },
    );
  });
});
