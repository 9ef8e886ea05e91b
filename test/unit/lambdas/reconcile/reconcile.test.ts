import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import { type MatchedEndpoint, type StoredEvent, segmentSize } from '#core/event/event.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { reconcile, type SweepPorts } from '#lambdas/reconcile/reconcile.ts';
import { requestedSince } from '#lambdas/reconcile/request.ts';
import { type Sweep, sweepFor } from '#lambdas/reconcile/sweep.ts';
import { eventOf, idsAt, noon } from '#test/support/deliveries.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const retention = 30 * day;

const finishedAt = (startedAt: number): Sweep => ({
  ...{
    since: startedAt - day,
    until: startedAt - hour,
    startedAt,
    finishedAt: startedAt,
    queued: 0,
    revision: 7,
  },
});

describe('the sweep to work on', () => {
  it('at first covers everything whose outcome is still known, until an hour ago', () => {
    expect(sweepFor(undefined, noon, retention)).toMatchObject({
      ...{ since: noon - retention, until: noon - hour, startedAt: noon, revision: 0 },
    });
  });

  it('is the one that is unfinished', () => {
    const { finishedAt: _, ...unfinished } = finishedAt(noon - 3 * day);
    expect(sweepFor(unfinished, noon, retention)).toBe(unfinished);
  });

  it('begins a day after the last began, where that one ended', () => {
    expect(sweepFor(finishedAt(noon - 23 * hour), noon, retention)).toBeUndefined();
    expect(sweepFor(finishedAt(noon - day), noon, retention)).toMatchObject({
      ...{ since: noon - day - hour, until: noon - hour, revision: 7 },
    });
  });

  it.each([1, 2, 3, 30])('looks at every event of a deployment that keeps deliveries for %i days', (days) => {
    let sweep = sweepFor(undefined, noon, days * day);
    let covered = sweep?.until ?? 0;
    for (let now = noon; now < noon + 10 * day; now += hour) {
      const next = sweepFor(sweep && { ...sweep, finishedAt: now }, now, days * day);
      if (next === undefined) continue;
      expect(next.since).toBe(covered);
      // What is left of the retention is for a run that is missed, or takes long.
      expect(next.since - (now - days * day)).toBeGreaterThanOrEqual(10 * hour);
      ({ until: covered } = next);
      sweep = next;
    }
    expect(covered).toBeGreaterThan(noon + 8 * day);
  });

  it('begins at once where it is asked to, but not before what is known', () => {
    expect(sweepFor(finishedAt(noon), noon, retention, noon - 5 * day)).toMatchObject({
      since: noon - 5 * day,
    });
    expect(sweepFor(finishedAt(noon), noon, retention, 0)).toMatchObject({ since: noon - retention });
  });

  it('is asked for by a time', () => {
    expect(requestedSince({ source: 'aws.events' })).toBeUndefined();
    expect(requestedSince({ since: '2026-11-01T00:00:00Z' })).toBe(Date.UTC(2026, 10, 1));
    expect(() => requestedSince({ since: 'yesterday' })).toThrow('received the string "yesterday"; accepted');
  });
});

interface Options {
  readonly events: readonly StoredEvent[];
  readonly segments?: ReadonlyMap<string, readonly MatchedEndpoint[]>;
  readonly present?: (id: string) => boolean;
  readonly time?: () => boolean;
}

function world({ events, segments = new Map(), present = () => false, time = () => true }: Options) {
  const queued: DeliveryMessage[] = [];
  const held: Delivery[] = [];
  const state: { sweep: Sweep | undefined } = { sweep: undefined };
  const applications = [...new Set(events.map(({ applicationId }) => applicationId))].toSorted();
  const ports: SweepPorts = {
    now: () => noon,
    hasTime: time,
    retention,
    applications: async ({ after = '', limit }) => {
      const items = applications.filter((id) => id > after).slice(0, limit);
      const next = items.at(-1);
      return { items: items.map((id) => ({ id })), ...(next === undefined ? {} : { next }) };
    },
    events: async (applicationId, { since, until, after = '~', limit }) => {
      const all = events
        .filter((event) => event.applicationId === applicationId)
        .filter(({ timestamp }) => timestamp >= since && timestamp < until)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1))
        .filter(({ id }) => id < after);
      const items = all.slice(0, limit);
      const next = items.at(-1)?.id;
      return { items, ...(all.length > limit && next ? { next } : {}) };
    },
    event: async (_, eventId) => events.find(({ id }) => id === eventId),
    segment: async (eventId, segment) => segments.get(`${eventId} ${segment}`),
    without: async (all) =>
      all.filter(({ endpointId, eventId }) => !present(deliveryId(endpointId, eventId))),
    sweeps: {
      get: async () => state.sweep,
      store: async (next) => {
        if ((state.sweep?.revision ?? 0) !== next.revision - 1) return false;
        state.sweep = next;
        return true;
      },
    },
    everyHeld: async () => ({ items: [] }),
    delivery: async () => undefined,
    watched: async () => undefined,
    watch: async () => undefined,
    onForgotten: () => undefined,
    onError: (_, error) => {
      throw error;
    },
    hold: async (delivery) => void held.push(delivery),
    queue: async (_, messages) => {
      queued.push(...messages.map(({ body }) => body));
      return [];
    },
  };
  return { ports, state, queued, held };
}

const matchedTo = (count: number): MatchedEndpoint[] => {
  const ids = idsAt(noon);
  return Array.from({ length: count }, () => ({ endpointId: ids.endpoint(), priority: 'low' }));
};
const acceptedAt = (timestamp: number, count = 1, change: Partial<StoredEvent> = {}) => {
  const endpoints = matchedTo(count);
  return eventOf({ timestamp, deliverAt: timestamp, endpoints, endpointCount: count, ...change });
};
const idsOf = (messages: readonly { readonly eventId: string }[]) =>
  messages.map(({ eventId }) => eventId).toSorted();

describe('reconcile', () => {
  it('queues what has no item, as a repeat, and leaves the rest', async () => {
    const events = [acceptedAt(noon - 2 * hour, 3), acceptedAt(noon - 3 * hour)];
    const [lost, other] = events[0]?.endpoints ?? [];
    const known = [lost, other].map((one) => deliveryId(one?.endpointId ?? '', events[0]?.id ?? ''));
    const { ports, queued, state } = world({ events, present: (id) => id === known[1] });
    expect(await reconcile(ports)).toEqual({ queued: 3, finished: true });
    expect(queued.every(({ first, generation }) => !first && generation === 1)).toBe(true);
    expect(queued.map(({ endpointId }) => endpointId)).not.toContain(other?.endpointId);
    expect(queued[0]).toMatchObject({ priority: 'low', event: { type: 'order.created' } });
    expect(state.sweep).toMatchObject({ finishedAt: noon, queued: 3 });
  });

  it('leaves what is younger than an hour, and what settled so long ago that its item has expired', async () => {
    const events = [acceptedAt(noon - hour + 1), acceptedAt(noon - retention - hour)];
    const { ports, queued } = world({ events });
    expect(await reconcile(ports, 0)).toEqual({ queued: 0, finished: true });
    expect(queued).toEqual([]);
  });

  it('leaves what expired while its sweep was under way', async () => {
    const { ports, queued, state } = world({ events: [acceptedAt(noon - retention - hour)] });
    const begun = noon - 2 * day;
    state.sweep = { since: begun - retention, until: begun, startedAt: begun, queued: 0, revision: 1 };
    expect(await reconcile(ports)).toEqual({ queued: 0, finished: true });
    expect(queued).toEqual([]);
  });

  it('holds what is due much later', async () => {
    const scheduled = acceptedAt(noon - 2 * hour, 1, { deliverAt: noon + day });
    const { ports, queued, held } = world({ events: [scheduled] });
    await reconcile(ports);
    expect(queued).toEqual([]);
    expect(held).toMatchObject([{ state: { status: 'held', heldFor: 'scheduled', dueAt: noon + day } }]);
  });

  it('looks at every endpoint of a wide event', async () => {
    const matched = matchedTo(segmentSize + 20);
    const wide = acceptedAt(noon - 2 * hour, 0, { endpointCount: matched.length });
    const segments = new Map([
      [`${wide.id} 0`, matched.slice(0, segmentSize)],
      [`${wide.id} 1`, matched.slice(segmentSize)],
    ]);
    const { ports, queued } = world({ events: [wide], segments });
    expect(await reconcile(ports)).toEqual({ queued: matched.length, finished: true });
    expect(new Set(queued.map(({ endpointId }) => endpointId)).size).toBe(matched.length);
  });

  it('stops between wide events when its time is over, and continues with the next of the same page', async () => {
    const events: StoredEvent[] = [];
    const segments = new Map<string, readonly MatchedEndpoint[]>();
    for (let n = 0; n < 4; n += 1) {
      const matched = matchedTo(60);
      const wide = acceptedAt(noon - 2 * hour - n, 0, { endpointCount: matched.length });
      segments.set(`${wide.id} 0`, matched);
      events.push(wide, acceptedAt(noon - 3 * hour - n));
    }
    let before = 0;
    // The time is over as soon as anything was queued.
    const { ports, queued, state } = world({ events, segments, time: () => queued.length === before });
    let invocations = 0;
    do {
      before = queued.length;
      await reconcile(ports);
      invocations += 1;
    } while (state.sweep?.finishedAt === undefined && invocations < 50);
    expect(invocations).toBe(6);
    expect(queued).toHaveLength(4 * 60 + 4);
    expect(new Set(queued.map(({ endpointId, eventId }) => `${endpointId} ${eventId}`)).size).toBe(244);
  });

  it('scans all applications, and continues where its time was over, page by page', async () => {
    const events = ['alpha', 'beta', 'gamma'].flatMap((applicationId) =>
      Array.from({ length: 130 }, (_, n) => acceptedAt(noon - 2 * hour - n * 1_000, 1, { applicationId })),
    );
    let pages = 0;
    // One page for each invocation.
    const time = () => pages++ % 2 === 0;
    const { ports, queued, state } = world({ events, time });
    let invocations = 0;
    do {
      await reconcile(ports);
      invocations += 1;
    } while (state.sweep?.finishedAt === undefined && invocations < 50);
    // The first one is for what is held.
    expect(invocations).toBe(8);
    expect(idsOf(queued)).toEqual(events.map(({ id }) => id).toSorted());
    expect(await reconcile(ports)).toBeUndefined();
  });

  it('repeats the page that a crash interrupted, and skips none', async () => {
    const events = Array.from({ length: 250 }, (_, n) => acceptedAt(noon - 2 * hour - n));
    for (let crash = 1; crash <= 4; crash += 1) {
      const { ports, queued } = world({ events });
      let stores = 0;
      const store: SweepPorts['sweeps']['store'] = async (next) => {
        stores += 1;
        if (stores === crash) throw new Error('crash');
        return ports.sweeps.store(next);
      };
      const crashing = { ...ports, sweeps: { ...ports.sweeps, store } };
      await expect(reconcile(crashing)).rejects.toThrow('crash');
      await reconcile(crashing);
      expect(new Set(idsOf(queued))).toEqual(new Set(events.map(({ id }) => id)));
    }
  });

  it('leaves a sweep to another invocation that moved it', async () => {
    const { ports, state } = world({ events: [acceptedAt(noon - 2 * hour)] });
    const store: SweepPorts['sweeps']['store'] = async () => false;
    expect(await reconcile({ ...ports, sweeps: { ...ports.sweeps, store } })).toMatchObject({
      finished: false,
    });
    expect(state.sweep).toBeUndefined();
  });
});
