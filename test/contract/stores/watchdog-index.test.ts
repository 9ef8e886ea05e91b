import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryState } from '#core/delivery/delivery.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import { shardOf, watchdogEntryOf, watchdogShard, watchdogShards } from '#core/delivery/watchdog.ts';
import { anyState, deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { allPages } from '#test/support/pages.ts';
import { deployedOn, engines } from '#test/support/store-engines.ts';

const hour = 60 * 60_000;
const shards = Array.from({ length: watchdogShards }, (_, shard) => shard);
const reference = ({ endpointId, eventId }: Delivery) => ({ endpointId, eventId });
const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const inShard = (all: readonly Delivery[], shard: number) =>
  all.filter((delivery) => watchdogShard(delivery) === shard);

describe.each(engines)('the watchdog index in $name', (engine) => {
  const at = deployedOn(engine);

  async function storeAll(all: readonly Delivery[]): Promise<readonly Delivery[]> {
    await Promise.all(all.map((delivery) => at.deliveries.store(delivery)));
    return all;
  }

  /** What the index names of one delivery, under any key. */
  async function namedIn(delivery: Delivery): Promise<readonly string[]> {
    const { endpointId, applicationId } = delivery;
    const shard = watchdogShard(delivery);
    const page = { limit: 1_000 };
    const pages = {
      DUE: await at.deliveries.due(shard, Number.MAX_SAFE_INTEGER, page),
      HELD: await at.deliveries.held(endpointId, shard, page),
      DEAD: await at.deliveries.deadBy(applicationId, shard, Number.MAX_SAFE_INTEGER, page),
    };
    return Object.entries(pages).flatMap(([kind, { items }]) =>
      items.some(({ eventId }) => eventId === delivery.eventId) ? kind : [],
    );
  }

  it('names a delivery exactly while something must look at it', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, anyState, async (before, after) => {
        const first = movedTo(deliveryOf(), before);
        const second = movedTo(first, after);
        for (const delivery of [first, second]) {
          await at.deliveries.store(delivery);
          const kind = watchdogEntryOf(delivery)?.key.split('#')[0];
          expect(await namedIn(delivery)).toEqual(kind === undefined ? [] : [kind]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('lists what is due once its time has come, earliest first, however many share a time', async () => {
    const stored = await storeAll(
      Array.from({ length: 120 }, (_, index) =>
        // Tens of them at the same time, so that pages end between equal times.
        movedTo(deliveryOf(), {
          ...{ status: 'held', heldFor: 'scheduled', since: noon - hour },
          dueAt: noon + hour * Math.floor(index / 40),
        }),
      ),
    );
    const [first, early] = [stored.slice(0, 40), stored.slice(0, 80)];
    for (const shard of shards) {
      const list = (until: number, limit: number) =>
        allPages((after) => at.deliveries.due(shard, until, { after, limit }), limit);
      const due = await list(noon + hour, 2);
      expect(due.toSorted(byText)).toEqual(inShard(early, shard).map(reference).toSorted(byText));
      const all = (await list(noon + 2 * hour, 3)).toSorted(byText);
      expect(all).toEqual(inShard(stored, shard).map(reference).toSorted(byText));
      const isLater = due.map(({ eventId }) => !first.some((one) => one.eventId === eventId));
      expect(isLater.map(Number)).toEqual(isLater.map(Number).toSorted());
    }
  });

  it('lists what an endpoint holds for a cause, oldest first, and no longer once released', async () => {
    const { endpointId } = deliveryOf();
    const of = (createdAt: number, state: DeliveryState) =>
      movedTo({ ...deliveryOf({ createdAt }), endpointId }, state);
    const held = await storeAll(
      Array.from({ length: 40 }, (_, index) =>
        of(noon + index, {
          ...{ status: 'held', heldFor: index % 2 ? 'paused' : 'circuit', since: noon + 500 - index },
        }),
      ),
    );
    await storeAll([of(noon, { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon })]);
    const listed = (until?: number) =>
      Promise.all(
        shards.map((shard) =>
          allPages((after) => at.deliveries.held(endpointId, shard, { after, limit: 2 }, until), 2),
        ),
      );
    const expected = (all: readonly Delivery[]) => shards.map((shard) => inShard(all, shard).map(reference));
    expect(await listed()).toEqual(expected(held));
    expect(await listed(noon + 9)).toEqual(expected(held.slice(0, 10)));
    const newest = await Promise.all(shards.map((shard) => at.deliveries.newestHeld(endpointId, shard, 2)));
    expect(newest).toEqual(expected(held).map((all) => all.slice(-2).toReversed()));

    await storeAll(held.slice(0, 20).map((delivery) => movedTo(delivery, { status: 'queued', dueAt: noon })));
    expect(await listed()).toEqual(expected(held.slice(20)));
  });

  it('lists everything that is held for a cause, whatever its endpoint, page by page', async () => {
    const held = await storeAll(
      Array.from({ length: 30 }, (_, index) =>
        movedTo(deliveryOf(), { status: 'held', heldFor: index % 2 ? 'paused' : 'circuit', since: noon }),
      ),
    );
    await storeAll([
      movedTo(deliveryOf(), { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon }),
      movedTo(deliveryOf(), { status: 'dead', reason: 'refused', settledAt: noon }),
    ]);
    const found = await allPages((after) => at.deliveries.everyHeld({ after, limit: 7 }), 7);
    expect(found.toSorted(byText)).toEqual(held.map(reference).toSorted(byText));
  });

  it('lists what died by a time, longest dead first, page by page, while it is taken away', async () => {
    const dead = Array.from({ length: 60 }, (_, index) =>
      movedTo(deliveryOf(), {
        ...{ status: 'dead', reason: 'exhausted', settledAt: noon + (index % 3) },
      }),
    );
    const late = movedTo(deliveryOf(), { status: 'dead', reason: 'exhausted', settledAt: noon + 3 });
    await storeAll([...dead, late]);
    const found: string[] = [];
    for (const shard of shards) {
      const diedAt: number[] = [];
      await allPages(async (after) => {
        const page = await at.deliveries.deadBy('default', shard, noon + 2, { after, limit: 2 });
        for (const { endpointId, eventId } of page.items) {
          const delivery = dead.find((one) => one.eventId === eventId && one.endpointId === endpointId);
          if (!delivery) throw new Error(`${eventId} did not die in time`);
          found.push(eventId);
          diedAt.push('settledAt' in delivery.state ? delivery.state.settledAt : 0);
          await at.deliveries.store(movedTo(delivery, { status: 'queued', dueAt: noon }, { generation: 2 }));
        }
        return page;
      }, 2);
      expect(diedAt).toEqual(diedAt.toSorted());
    }
    expect(found.toSorted()).toEqual(dead.map(({ eventId }) => eventId).toSorted());
    expect((await at.deliveries.deadBy('other', 0, noon + 2, { limit: 5 })).items).toEqual([]);
  });
});

describe.each(engines)('what ended without success at an endpoint in $name', (engine) => {
  const at = deployedOn(engine);
  const states: DeliveryState[] = [
    { status: 'queued', dueAt: noon },
    { status: 'succeeded', settledAt: noon },
    { status: 'dead', settledAt: noon, reason: 'refused' },
    { status: 'cancelled', settledAt: noon, reason: 'expired' },
  ];

  it.each([1, 7, 100])('comes oldest first, %i to a page', async (limit) => {
    const { endpointId } = deliveryOf();
    const stored = Array.from({ length: 90 }, (_, index) => {
      const delivery = { ...deliveryOf({ createdAt: noon + index }), endpointId };
      return movedTo(delivery, states[index % states.length] ?? { status: 'queued', dueAt: noon });
    });
    await Promise.all(
      [...stored, movedTo(deliveryOf(), states[2] as DeliveryState)].map(at.deliveries.store),
    );
    const range = { since: noon + 10, until: noon + 80 };
    for (let shard = 0; shard < deliveryShards; shard += 1) {
      const all = await allPages(
        (after) => at.deliveries.unsuccessful(endpointId, shard, { ...range, after, limit }),
        limit,
      );
      const wanted = stored.filter(
        ({ eventId, state, createdAt }) =>
          shardOf(eventId, deliveryShards) === shard &&
          (state.status === 'dead' || state.status === 'cancelled') &&
          createdAt >= range.since &&
          createdAt < range.until,
      );
      expect(all).toEqual(wanted);
      expect(all.length).toBeGreaterThan(0);
    }
    expect((await at.deliveries.unsuccessful(idsAt(noon).endpoint(), 0, { ...range, limit })).items).toEqual(
      [],
    );
  });
});
