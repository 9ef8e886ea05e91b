import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { MatchedEndpoint, NewEvent, Priority, StoredEvent } from '#core/event/event.ts';
import { openPayload } from '#core/message/codec.ts';
import type { DeliveryMessage, FanOutMessage } from '#core/message/message.ts';
import { Problem } from '#core/problem/problem.ts';
import { type AcceptPorts, acceptEvents } from '#lambdas/ingest/accept.ts';

const now = Date.UTC(2026, 0, 1);

interface Queued {
  readonly priority: Priority;
  readonly body: DeliveryMessage;
  readonly delay: number;
}

/** Ports that keep what they are given; `refuses` are endpoints and segments whose messages the queues will not take. */
function recording(
  matches: readonly { endpointId: string; priority?: Priority }[],
  refuses: readonly string[] = [],
) {
  const steps: string[] = [];
  const stored: StoredEvent[] = [];
  const segments: MatchedEndpoint[] = [];
  const queued: Queued[] = [];
  const held: Delivery[] = [];
  const fanOuts: FanOutMessage[] = [];
  const ports: AcceptPorts = {
    now: () => now,
    match: async (applicationId) => (applicationId === 'known' ? matches : undefined),
    events: {
      create: async (event) => {
        steps.push('event');
        stored.push(event);
        return 'created';
      },
      get: async (_, id) => stored.find((one) => one.id === id),
      createSegments: async (_, all) => {
        steps.push('segments');
        segments.push(...all);
      },
    },
    hold: async (delivery) => held.push(delivery),
    queue: async (priority, messages) => {
      steps.push('queue');
      const refused = messages.filter(({ body }) => refuses.includes(body.endpointId));
      queued.push(
        ...messages
          .filter((one) => !refused.includes(one))
          .map(({ body, delay }) => ({ priority, body, delay })),
      );
      return refused;
    },
    fanOut: async (messages) => {
      steps.push('fan-out');
      const refused = messages.filter(({ body }) => refuses.includes(`segment ${body.segment}`));
      fanOuts.push(...messages.filter((one) => !refused.includes(one)).map(({ body }) => body));
      return refused;
    },
  };
  return { ports, steps, stored, segments, queued, held, fanOuts };
}

const event = (rest: Partial<NewEvent> = {}): NewEvent => ({
  type: 'order.created',
  tags: [],
  delay: 0,
  payload: '{"b":1.0,"a":12345678901234567890}',
  ...rest,
});
const endpoints = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ endpointId: `ep_${index}` }));

const claim = (count = 1, repeat = false) => ({
  eventIds: Array.from({ length: count }, (_, index) => `evt_${index}`),
  repeat,
});
const away = new Error('the table is away');

describe('accepting events', () => {
  it('stores the event before it queues the delivery, with the bytes as they were sent', async () => {
    const world = recording(endpoints(1));
    const accepted = await acceptEvents('known', [event()], claim(), world.ports);
    expect(accepted).toEqual([{ kind: 'accepted', eventId: 'evt_0', webhookCount: 1 }]);
    expect(world.steps).toEqual(['event', 'queue']);
    const carried = world.queued[0]?.body.event?.payload;
    expect(carried && Buffer.from(openPayload(carried)).toString()).toBe(
      '{"b":1.0,"a":12345678901234567890}',
    );
    expect(Buffer.from(world.stored[0]?.payload.bytes ?? []).toString()).toBe(
      '{"b":1.0,"a":12345678901234567890}',
    );
  });

  it('stores what the wide events of a batch matched a few at a time, and all of it', async () => {
    const world = recording(endpoints(60));
    let atATime = 0;
    let most = 0;
    const createSegments: AcceptPorts['events']['createSegments'] = async ({ id }, all) => {
      atATime += 1;
      most = Math.max(most, atATime);
      await new Promise((resolve) => setImmediate(resolve));
      atATime -= 1;
      if (id === 'evt_3') throw away;
      world.segments.push(...all);
    };
    const ports = { ...world.ports, events: { ...world.ports.events, createSegments } };
    const batch = Array.from({ length: 20 }, () => event());
    const outcomes = await acceptEvents('known', batch, claim(20), ports);
    expect(most).toBe(4);
    expect(world.segments).toHaveLength(19 * 60);
    expect(outcomes.map(({ kind }) => kind).filter((kind) => kind === 'accepted')).toHaveLength(19);
    expect(outcomes[3]).toEqual({ kind: 'failed', error: away });
  });

  it('stores an event that nobody asked for', async () => {
    const world = recording([]);
    expect(await acceptEvents('known', [event()], claim(), world.ports)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 0 },
    ]);
    expect(world.stored).toHaveLength(1);
    expect(world.queued).toHaveLength(0);
  });

  it('accepts nothing for an application that does not exist', async () => {
    const world = recording(endpoints(1));
    expect(await acceptEvents('unknown', [event()], claim(), world.ports)).toMatchObject([
      { kind: 'failed', error: { code: 'not_found' } },
    ]);
    expect(world.steps).toEqual([]);
  });

  it('stores nothing of an event that its type does not take, and takes the others', async () => {
    const world = recording(endpoints(1));
    const refusal = new Problem('payload_schema', { detail: 'payload.a: …' });
    const match: AcceptPorts['match'] = async (_, { type }) => {
      if (type === 'order.checked') throw refusal;
      return endpoints(1);
    };

    const outcomes = await acceptEvents('known', [event({ type: 'order.checked' }), event()], claim(2), {
      ...world.ports,
      match,
    });

    expect(outcomes).toEqual([
      { kind: 'refused', problem: refusal },
      { kind: 'accepted', eventId: 'evt_1', webhookCount: 1 },
    ]);
    expect(world.stored.map(({ id }) => id)).toEqual(['evt_1']);
  });

  it.each([
    ["the event's priority wins", 'high', 'low', 'high'],
    ["then the endpoint's", undefined, 'low', 'low'],
    ['else normal', undefined, undefined, 'normal'],
  ] as const)('queues by priority: %s', async (_, given, endpointPriority, expected) => {
    const match = endpointPriority
      ? { endpointId: 'ep_0', priority: endpointPriority }
      : { endpointId: 'ep_0' };
    const world = recording([match]);
    await acceptEvents('known', [event(given ? { priority: given } : {})], claim(), world.ports);
    expect(world.queued.map(({ priority, body }) => [priority, body.priority])).toEqual([
      [expected, expected],
    ]);
  });

  it('delays by the queue up to 15 minutes', async () => {
    const world = recording(endpoints(1));
    await acceptEvents('known', [event({ delay: 900_000 })], claim(), world.ports);
    expect(world.queued[0]?.delay).toBe(900_000);
    expect(world.held).toEqual([]);
  });

  it('holds what waits longer in the table', async () => {
    const world = recording(endpoints(2));
    await acceptEvents('known', [event({ delay: 900_001 })], claim(), world.ports);
    expect(world.queued).toEqual([]);
    expect(world.held.map(({ state, revision }) => ({ state, revision }))).toEqual(
      Array(2).fill({
        revision: 1,
        state: { status: 'held', heldFor: 'scheduled', since: now, dueAt: now + 900_001 },
      }),
    );
  });

  it('holds as due at once what the queue refuses', async () => {
    const world = recording(endpoints(3), ['ep_1']);
    await acceptEvents('known', [event()], claim(), world.ports);
    expect(world.queued.map(({ body }) => body.endpointId)).toEqual(['ep_0', 'ep_2']);
    expect(world.held).toMatchObject([{ endpointId: 'ep_1', state: { status: 'held', dueAt: now } }]);
  });

  it('queues 50 matches inline and names them in the event', async () => {
    const world = recording(endpoints(50));
    await acceptEvents('known', [event()], claim(), world.ports);
    expect(world.queued).toHaveLength(50);
    expect(world.stored[0]?.endpoints).toHaveLength(50);
    expect(world.fanOuts).toEqual([]);
  });

  it('stores the segments of more than 50 matches first and hands them to the fan-out', async () => {
    const world = recording(endpoints(2_001));
    expect(await acceptEvents('known', [event()], claim(), world.ports)).toEqual([
      { kind: 'accepted', eventId: 'evt_0', webhookCount: 2_001 },
    ]);
    expect(world.steps).toEqual(['segments', 'event', 'fan-out']);
    expect(world.segments).toHaveLength(2_001);
    expect(world.fanOuts.map(({ segment }) => segment)).toEqual([0, 1, 2]);
    expect(world.stored[0]).toMatchObject({ endpointCount: 2_001, endpoints: [] });
  });

  it('fails an event that cannot be stored, before anything of it is queued', async () => {
    const world = recording(endpoints(1));
    const failing: AcceptPorts = {
      ...world.ports,
      events: { ...world.ports.events, create: () => Promise.reject(away) },
    };
    expect(await acceptEvents('known', [event()], claim(), failing)).toEqual([
      { kind: 'failed', error: away },
    ]);
    expect(world.queued).toEqual([]);
  });
});

describe('trouble with some of the events', () => {
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

  it('that can be neither queued nor held fails those alone', async () => {
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

  it('that has a refused segment fails the event as passing trouble', async () => {
    const world = recording(endpoints(2_001), ['segment 1']);
    expect(await acceptEvents('known', [event()], claim(), world.ports)).toMatchObject([
      { kind: 'failed', error: { code: 'unavailable', headers: { 'retry-after': '2' } } },
    ]);
  });

  it('resolves only when nothing is under way any more', async () => {
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

  it('lets deliver look before it sends, since the event may be deleted meanwhile', async () => {
    expect(await sent(1_000)).toEqual([{ first: false, waits: 1_000 }]);
    expect(await sent(900_000)).toEqual([{ first: false, waits: 900_000 }]);
    expect(await sent(0)).toEqual([{ first: true, waits: 0 }]);
  });
});

describe('repeating', () => {
  it('uses what is stored as it stands, and lets deliver look before it sends', async () => {
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

  it('hands the same segments to the fan-out, whose progress says what is left of them', async () => {
    const world = recording(endpoints(2_001));
    await acceptEvents('known', [event()], claim(), world.ports);
    const matchesNow: AcceptPorts = { ...world.ports, match: async () => endpoints(1) };
    expect(await acceptEvents('known', [event()], claim(1, true), matchesNow)).toMatchObject([
      { kind: 'accepted', webhookCount: 2_001 },
    ]);
    expect(world.fanOuts.map(({ segment }) => segment)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(world.segments).toHaveLength(2_001);
  });

  it('makes what is not stored yet', async () => {
    const world = recording(endpoints(1));
    expect(await acceptEvents('known', [event()], claim(1, true), world.ports)).toMatchObject([
      { kind: 'accepted' },
    ]);
    expect(world.queued).toMatchObject([{ body: { first: true } }]);
  });

  it('follows the event that stands when the answer of an earlier try got lost', async () => {
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
