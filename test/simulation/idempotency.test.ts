import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Damage, IngestWorld } from './ingest-world.ts';

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
function expectExactlyOnce(world: IngestWorld, events: number, endpoints: number) {
  expect(world.events.size).toBe(events);
  expect(world.deliveries.size).toBe(events * endpoints);
  expect([...world.deliveries.values()].every(({ state }) => state.status === 'succeeded')).toBe(true);
  expect(new Set(world.settlements.values())).toEqual(new Set([1]));
  expect(world.requests.size).toBe(events * endpoints);
  expect(new Set(world.requests.values())).toEqual(new Set([1]));
}

describe.each(cases)('posting $name with a key', ({ path, body, endpoints, events, steps }) => {
  it(`has ${steps} steps at which it may break`, async () => {
    const world = new IngestWorld({ endpoints });
    await world.postUntilAccepted(path, body, 'key');
    expect(world.steps).toBe(steps);
  });

  it('makes the same events and the same answer however often it is repeated', async () => {
    const world = new IngestWorld({ endpoints });
    const first = await world.postUntilAccepted(path, body, 'key');
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    await world.deliverAll();
    world.endpoints += 3;
    const again = await world.postUntilAccepted(path, body, 'key');
    expect(again.body).toBe(first.body);
    expect(again.headers).toHaveProperty('idempotent-replayed', 'true');
    await world.deliverAll();
    expectExactlyOnce(world, events, endpoints);
  });

  it.each(Array.from({ length: steps }, (_, index) => index + 1))(
    'makes each event and delivery once when the function dies at step %i and the client tries again',
    async (step) => {
      const world = new IngestWorld({ endpoints, damageAt: onlyAt(step, 'dies') });
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
      const world = new IngestWorld({ endpoints, damageAt: onlyAt(step, 'dies') });
      await world.post(path, body, 'key');
      await world.deliverAll();
      const before = new Map([...world.events].map(([id, { endpointCount }]) => [id, endpointCount]));
      world.endpoints += 1;
      await world.postUntilAccepted(path, body, 'key');
      await world.deliverAll();
      expect(world.events.size).toBe(events);
      for (const [id, count] of before) expect(world.events.get(id)?.endpointCount).toBe(count);
      const wanted = [...world.events.values()].reduce((sum, { endpointCount }) => sum + endpointCount, 0);
      expect(world.deliveries.size).toBe(wanted);
      expect(new Set(world.requests.values())).toEqual(new Set([1]));
    },
  );

  it('loses nothing and repeats no event, whatever crashes and fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.integer({ min: 1, max: 3 * steps }).map(String), fc.constantFrom('dies', 'fails')),
        async (damages) => {
          const world = new IngestWorld({
            endpoints,
            damageAt: (step) => damages[String(step)] as Damage | undefined,
          });
          const answer = await world.postUntilAccepted(path, body, 'key');
          expect((await world.postUntilAccepted(path, body, 'key')).body).toBe(answer.body);
          await world.deliverAll();
          expect(world.events.size).toBe(events);
          for (const { id } of world.events.values()) expect(answer.body).toContain(id);
        },
      ),
      { numRuns: endpoints > 100 ? 10 : 200 },
    );
  });
});
