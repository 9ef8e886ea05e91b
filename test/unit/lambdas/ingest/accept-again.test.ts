import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '#core/event/event.ts';
import { type AcceptPorts, acceptEvents } from '#lambdas/ingest/accept.ts';
import { away, claim, endpoints, event, recording } from './recording.ts';

describe('an error for some of the events', () => {
  it('leaves the others as they are: each has its own outcome', async () => {
    const world = recording(endpoints(1));
    const { create } = world.ports.events;
    const failing: AcceptPorts = {
      ...world.ports,
      events: {
        ...world.ports.events,
        create: (one) => (one.id === 'evt_1' ? Promise.reject(away) : create(one)),
      },
    };
    expect(await acceptEvents('known', [event(), event(), event()], claim(3), failing)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 1 },
      { kind: 'failed', error: away },
      { kind: 'accepted', eventId: 'evt_2', webhookCount: 1 },
    ]);
    expect(world.queued.map(({ body }) => body.eventId)).toEqual(['evt_0', 'evt_2']);
  });

  it('fails only those that can be neither queued nor held', async () => {
    const world = recording(endpoints(2));
    const failing: AcceptPorts = {
      ...world.ports,
      queue: async (_, messages) => messages.filter(({ body }) => body.eventId === 'evt_1'),
      hold: () => Promise.reject(away),
    };
    expect(await acceptEvents('known', [event(), event()], claim(2), failing)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 2 },
      { kind: 'failed', error: away },
    ]);
  });

  it('fails an event whose segment the queue refused, as unavailable', async () => {
    const world = recording(endpoints(2_001), ['segment 1']);
    expect(await acceptEvents('known', [event()], claim(), world.ports)).toMatchObject([
      { kind: 'failed', error: { code: 'unavailable', headers: { 'retry-after': '2' } } },
    ]);
  });

  it('resolves only when no call is running any more', async () => {
    const world = recording(endpoints(1));
    let slow = false;
    const failing: AcceptPorts = {
      ...world.ports,
      events: {
        ...world.ports.events,
        create: async (one) => {
          if (one.id === 'evt_0') throw away;
          await new Promise((resolve) => setTimeout(resolve, 20));
          slow = true;
          return 'created';
        },
      },
    };
    await acceptEvents('known', [event(), event()], claim(2), failing);
    expect(slow).toBe(true);
    expect(world.queued.map(({ body }) => body.eventId)).toEqual(['evt_1']);
  });
});

describe('a delay', () => {
  const sent = async (delay: number) => {
    const world = recording(endpoints(1));
    await acceptEvents('known', [event({ delay })], claim(), world.ports);
    return world.queued.map(({ body, delay: waits }) => ({ first: body.first, waits }));
  };

  it('makes deliver read the delivery first, because the event may be deleted meanwhile', async () => {
    expect(await sent(1_000)).toEqual([{ first: false, waits: 1_000 }]);
    expect(await sent(900_000)).toEqual([{ first: false, waits: 900_000 }]);
    expect(await sent(0)).toEqual([{ first: true, waits: 0 }]);
  });
});

describe('repeating', () => {
  it('uses stored events as they are, and makes deliver read the delivery first', async () => {
    const world = recording(endpoints(2));
    await acceptEvents('known', [event()], claim(), world.ports);
    const matchesNow: AcceptPorts = { ...world.ports, match: async () => endpoints(7) };
    expect(await acceptEvents('known', [event()], claim(1, true), matchesNow)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 2 },
    ]);
    expect(world.stored).toHaveLength(1);
    expect(world.queued.map(({ body }) => [body.endpointId, body.first])).toEqual([
      ['ep_0', true],
      ['ep_1', true],
      ['ep_0', false],
      ['ep_1', false],
    ]);
  });

  it('queues the same segments again; their progress says what is left to do', async () => {
    const world = recording(endpoints(2_001));
    await acceptEvents('known', [event()], claim(), world.ports);
    const matchesNow: AcceptPorts = { ...world.ports, match: async () => endpoints(1) };
    expect(await acceptEvents('known', [event()], claim(1, true), matchesNow)).toMatchObject([
      { kind: 'accepted', webhookCount: 2_001 },
    ]);
    expect(world.fanOuts.map(({ segment }) => segment)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(world.segments).toHaveLength(2_001);
  });

  it('stores the events that are not stored yet', async () => {
    const world = recording(endpoints(1));
    expect(await acceptEvents('known', [event()], claim(1, true), world.ports)).toMatchObject([
      { kind: 'accepted' },
    ]);
    expect(world.queued).toMatchObject([{ body: { first: true } }]);
  });

  it('uses the stored event when the answer of an earlier try was lost', async () => {
    const world = recording(endpoints(3));
    const stands = { ...(await standing()), endpoints: [{ endpointId: 'ep_9', priority: 'low' as const }] };
    const raced: AcceptPorts = {
      ...world.ports,
      events: { ...world.ports.events, create: async () => ({ exists: { ...stands, endpointCount: 1 } }) },
    };
    expect(await acceptEvents('known', [event()], claim(), raced)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 1 },
    ]);
    expect(world.queued).toMatchObject([{ body: { endpointId: 'ep_9', first: false } }]);
  });
});

async function standing(): Promise<StoredEvent> {
  const world = recording([]);
  await acceptEvents('known', [event()], claim(), world.ports);
  const [stored] = world.stored;
  if (!stored) throw new Error('nothing was stored');
  return stored;
}
