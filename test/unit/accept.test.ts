import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../lambdas/core/delivery/delivery.ts';
import type { MatchedEndpoint, Priority, StoredEvent } from '../../lambdas/core/event/event.ts';
import { openPayload } from '../../lambdas/core/message/codec.ts';
import type { DeliveryMessage, FanOutMessage } from '../../lambdas/core/message/message.ts';
import { type AcceptPorts, acceptEvents, type NewEvent } from '../../lambdas/ingest/accept.ts';

const now = Date.UTC(2026, 0, 1);

interface Queued {
  readonly priority: Priority;
  readonly body: DeliveryMessage;
  readonly delay: number;
}

/** Ports that keep what they are given; `refuses` are endpoints whose messages the queue will not take. */
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
    newEventId: () => `evt_${stored.length}`,
    match: async (applicationId) => (applicationId === 'known' ? matches : undefined),
    events: {
      create: async (event) => {
        steps.push('event');
        stored.push(event);
      },
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
      fanOuts.push(...messages.map(({ body }) => body));
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

describe('accepting events', () => {
  it('stores the event before it queues the delivery, with the bytes as they were sent', async () => {
    const world = recording(endpoints(1));
    const accepted = await acceptEvents('known', [event()], world.ports);
    expect(accepted).toEqual([{ eventId: 'evt_0', webhookCount: 1 }]);
    expect(world.steps).toEqual(['event', 'queue']);
    const carried = world.queued[0]?.body.event?.payload;
    expect(carried && Buffer.from(openPayload(carried)).toString()).toBe(
      '{"b":1.0,"a":12345678901234567890}',
    );
    expect(Buffer.from(world.stored[0]?.payload ?? []).toString()).toBe('{"b":1.0,"a":12345678901234567890}');
  });

  it('stores an event that nobody asked for', async () => {
    const world = recording([]);
    expect(await acceptEvents('known', [event()], world.ports)).toEqual([
      { eventId: 'evt_0', webhookCount: 0 },
    ]);
    expect(world.stored).toHaveLength(1);
    expect(world.queued).toHaveLength(0);
  });

  it('accepts nothing for an application that does not exist', async () => {
    const world = recording(endpoints(1));
    expect(await acceptEvents('unknown', [event()], world.ports)).toBeUndefined();
    expect(world.steps).toEqual([]);
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
    await acceptEvents('known', [event(given ? { priority: given } : {})], world.ports);
    expect(world.queued.map(({ priority, body }) => [priority, body.priority])).toEqual([
      [expected, expected],
    ]);
  });

  it('delays by the queue up to 15 minutes', async () => {
    const world = recording(endpoints(1));
    await acceptEvents('known', [event({ delay: 900_000 })], world.ports);
    expect(world.queued[0]?.delay).toBe(900_000);
    expect(world.held).toEqual([]);
  });

  it('holds what waits longer in the table', async () => {
    const world = recording(endpoints(2));
    await acceptEvents('known', [event({ delay: 900_001 })], world.ports);
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
    await acceptEvents('known', [event()], world.ports);
    expect(world.queued.map(({ body }) => body.endpointId)).toEqual(['ep_0', 'ep_2']);
    expect(world.held).toMatchObject([{ endpointId: 'ep_1', state: { status: 'held', dueAt: now } }]);
  });

  it('queues 50 matches inline and names them in the event', async () => {
    const world = recording(endpoints(50));
    await acceptEvents('known', [event()], world.ports);
    expect(world.queued).toHaveLength(50);
    expect(world.stored[0]?.endpoints).toHaveLength(50);
    expect(world.fanOuts).toEqual([]);
  });

  it('stores the segments of more than 50 matches first and hands them to the fan-out', async () => {
    const world = recording(endpoints(2_001));
    expect(await acceptEvents('known', [event()], world.ports)).toEqual([
      { eventId: 'evt_0', webhookCount: 2_001 },
    ]);
    expect(world.steps).toEqual(['segments', 'event', 'fan-out']);
    expect(world.segments).toHaveLength(2_001);
    expect(world.fanOuts.map(({ segment }) => segment)).toEqual([0, 1, 2]);
    expect(world.stored[0]).toMatchObject({ endpointCount: 2_001, endpoints: [] });
  });

  it('rejects when an event cannot be stored, before anything is queued', async () => {
    const world = recording(endpoints(1));
    const failing: AcceptPorts = {
      ...world.ports,
      events: { ...world.ports.events, create: () => Promise.reject(new Error('the table is away')) },
    };
    await expect(acceptEvents('known', [event()], failing)).rejects.toThrow('the table is away');
    expect(world.queued).toEqual([]);
  });
});
