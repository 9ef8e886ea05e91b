import { describe, expect, it } from 'vitest';
import { openPayload } from '#core/message/codec.ts';
import { Problem } from '#core/problem/problem.ts';
import { type AcceptPorts, acceptEvents } from '#lambdas/ingest/accept.ts';
import { away, claim, endpoints, event, now, recording } from './recording.ts';

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

  it('stores the segments of wide events a few at a time, and all of them', async () => {
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

  it('stores an event that no endpoint wants', async () => {
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

  it('stores nothing of an event that its type refuses, and accepts the others', async () => {
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

  it('bounds the work of all events of a request together', async () => {
    const world = recording(endpoints(1));
    const works = new Set<unknown>();
    const match: AcceptPorts['match'] = async (_, __, work) => {
      works.add(work);
      return endpoints(1);
    };
    await acceptEvents('known', [event(), event(), event()], claim(3), { ...world.ports, match });
    expect(works.size).toBe(1);
    await acceptEvents('known', [event()], claim(1), { ...world.ports, match });
    expect(works.size).toBe(2);
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

  it('holds deliveries with a longer delay in the table', async () => {
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

  it('holds messages that the queue refuses, as due at once', async () => {
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

  it('stores the segments of more than 50 matches first, then queues them for the fan-out', async () => {
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
