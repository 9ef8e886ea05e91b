import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Damage } from './plant/faults.ts';
import { Posting } from './posting.ts';

const event = '{"type":"order.created","payload":{"n":1.0}}';
const batch = `{"events":[${[event, '{"type":"bad type","payload":1}', event, event].join(',')}]}`;
// A single event, a batch of three and a bad one, and an event for more endpoints than it can name itself.
const cases = [
  { name: 'an event', path: '/api/events', body: event, endpoints: 2, events: 1, steps: 8 },
  { name: 'a batch', path: '/api/events/batch', body: batch, endpoints: 2, events: 3, steps: 12 },
  { name: 'a wide event', path: '/api/events', body: event, endpoints: 1_200, events: 1, steps: 10 },
] as const;

const onlyAt = (at: number, damage: Damage) => (step: number) => (step === at ? damage : undefined);

/** Each event and each of its deliveries is there once, settled, and reached its receiver once. */
function expectExactlyOnce(world: Posting, events: number, endpoints: number) {
  expect(world.events).toHaveLength(events);
  expect(world.deliveries).toHaveLength(events * endpoints);
  expect(world.deliveries.every(({ state }) => state.status === 'succeeded')).toBe(true);
  expect(new Set(world.settlements)).toEqual(new Set([1]));
  expect(world.requests).toHaveLength(events * endpoints);
  expect(new Set(world.requests)).toEqual(new Set([1]));
}

describe.each(cases)('posting $name with a key', ({ path, body, endpoints, events, steps }) => {
  it(`has ${steps} steps at which it may break`, async () => {
    const world = new Posting({ endpoints });
    await world.postUntilAccepted(path, body, 'key');
    expect(world.steps).toBe(steps);
  });

  it('makes the same events and the same answer however often it is repeated', async () => {
    const world = new Posting({ endpoints });
    const first = await world.postUntilAccepted(path, body, 'key');
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    await world.deliverAll();
    world.addEndpoints(3);
    const again = await world.postUntilAccepted(path, body, 'key');
    expect(again.body).toBe(first.body);
    expect(again.headers).toHaveProperty('idempotent-replayed', 'true');
    await world.deliverAll();
    expectExactlyOnce(world, events, endpoints);
  });

  it.each(Array.from({ length: steps }, (_, index) => index + 1))(
    'makes each event and delivery once when the function dies at step %i and the client tries again',
    async (step) => {
      const world = new Posting({ endpoints, damageAt: onlyAt(step, 'dies') });
      expect(await world.post(path, body, 'key')).toBeUndefined();
      const answer = await world.postUntilAccepted(path, body, 'key');
      expect((await world.postUntilAccepted(path, body, 'key')).body).toBe(answer.body);
      await world.deliverAll();
      expectExactlyOnce(world, events, endpoints);
    },
  );

  it.each(Array.from({ length: steps }, (_, index) => index + 1))(
    'keeps the endpoints of what was stored when they change between a death at step %i and the next try',
    async (step) => {
      const world = new Posting({ endpoints, damageAt: onlyAt(step, 'dies') });
      await world.post(path, body, 'key');
      await world.deliverAll();
      const before = new Map(world.events.map(({ id, endpointCount }) => [id, endpointCount]));
      world.addEndpoints(1);
      await world.postUntilAccepted(path, body, 'key');
      await world.deliverAll();
      expect(world.events).toHaveLength(events);
      for (const [id, count] of before)
        expect(world.events.find((event) => event.id === id)?.endpointCount).toBe(count);
      const wanted = world.events.reduce((sum, { endpointCount }) => sum + endpointCount, 0);
      expect(world.deliveries).toHaveLength(wanted);
      expect(new Set(world.requests)).toEqual(new Set([1]));
    },
  );

  it('loses nothing and repeats no event, whatever crashes and fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.integer({ min: 1, max: 3 * steps }).map(String), fc.constantFrom('dies', 'fails')),
        async (damages) => {
          const world = new Posting({
            endpoints,
            damageAt: (step) => damages[String(step)] as Damage | undefined,
          });
          const answer = await world.postUntilAccepted(path, body, 'key');
          expect((await world.postUntilAccepted(path, body, 'key')).body).toBe(answer.body);
          await world.deliverAll();
          expect(world.events).toHaveLength(events);
          for (const { id } of world.events) expect(answer.body).toContain(id);
        },
      ),
      { numRuns: endpoints > 100 ? 10 : 200 },
    );
  });
});
