import { describe, expect, it } from 'vitest';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { noon } from '#test/support/deliveries.ts';
import { type Answering, ManyEndpoints, type ManyOptions } from './many-endpoints.ts';

const second = 1_000;
const neighbours = 20;
const perSecond = 20;
const warmUp = 5 * second;
const floodSize = 600;
// Few, so that the flood could take each of them for its whole timeout.
const slots = { high: 2, normal: 4, low: 2, retry: 2, slow: 2 };

interface Run {
  /** How long neighbours' deliveries waited for their first request, by when they were posted after the flood. */
  readonly delays: readonly { readonly at: number; readonly delay: number }[];
  readonly world: ManyEndpoints;
  readonly flooder: string;
}

/** Events to well neighbours, and after some seconds a flood to one endpoint that answers as told. */
async function run(
  answering: Answering,
  size = floodSize,
  options: Partial<ManyOptions> = {},
  given: Partial<Endpoint> = {},
  neighbour: Answering = { after: 20, status: 200 },
): Promise<Run> {
  const world = new ManyEndpoints({ now: noon, slots, ...options });
  const well = Array.from({ length: neighbours }, () => world.add(neighbour));
  const flooder = world.add(answering, {
    retryConfig: { maxAttempts: 3, strategy: 'fixed', baseDelay: 1_000, jitter: false },
    ...given,
  });
  for (let n = 0; n < 60 * perSecond; n += 1)
    world.plant.clock.after((n * second) / perSecond, () => world.post(well[n % neighbours] ?? ''));
  world.plant.clock.after(warmUp, () => {
    for (let n = 0; n < size; n += 1) world.post(flooder);
  });
  await world.runUntil(noon + 100 * second);
  const delays = world.posted
    .filter(({ endpointId }) => endpointId !== flooder)
    .map(({ at, firstAt = Number.POSITIVE_INFINITY }) => ({ at: at - noon - warmUp, delay: firstAt - at }));
  return { delays, world, flooder };
}

const worst = ({ delays }: Run, from: number, to = 60 * second): number =>
  Math.max(...delays.filter(({ at }) => at >= from && at < to).map(({ delay }) => delay));

const firstSeconds = 6 * second;

describe('promise 6: isolation', () => {
  it.each([
    ['hangs', { after: 60 * second, status: 200 }],
    ['is slow', { after: 15 * second, status: 200 }],
    ['fails at once', { after: 5, status: 500 }],
  ])(
    'an endpoint with a flood that %s delays its neighbours for the first seconds, then not at all',
    async (_, answering) => {
      const quiet = await run(answering, 0);
      const flooded = await run(answering);
      const allowed = Math.max(2 * worst(quiet, -warmUp), worst(quiet, -warmUp) + second);
      expect(worst(flooded, 0, firstSeconds)).toBeLessThanOrEqual(firstSeconds + second);
      expect(worst(flooded, firstSeconds)).toBeLessThanOrEqual(allowed);
      expect(worst(flooded, firstSeconds)).toBeLessThan(second / 2);
      const { world, flooder } = flooded;
      // The flood was real: the endpoint got about as many requests at once as the functions can make.
      expect(world.arrivalsAt(flooder).length).toBeGreaterThan(slots.normal * 8);
    },
  );

  it('an endpoint that answers at once and has a flood delays no neighbour in fair queues', async () => {
    const flooded = await run({ after: 20, status: 200 }, 4 * floodSize, { isFair: true });
    expect(worst(flooded, 0)).toBeLessThan(second / 2);
  });

  it.each([5, 50])(
    'one with a rate limit of %i a second and a flood delays its neighbours for the first seconds, then not at all',
    async (perSecond) => {
      const flooded = await run({ after: 20, status: 200 }, 4 * floodSize, {}, { rateLimit: { perSecond } });
      expect(worst(flooded, 0)).toBeLessThan(firstSeconds);
      expect(worst(flooded, firstSeconds)).toBeLessThan(second / 2);
    },
  );

  it.each([
    ['until its circuit opens, when queues are not fair', false, 50 * second],
    ['for the first seconds, in fair queues', true, firstSeconds],
  ])('a hanging endpoint delays others that are slow %s', async (_, isFair, from) => {
    const hangs = { after: 60 * second, status: 200 };
    const options = { slots: { ...slots, slow: 20 }, isFair };
    const flooded = await run(hangs, 4 * floodSize, options, {}, { after: 2 * second, status: 200 });
    expect(worst(flooded, from)).toBeLessThan(2.5 * second);
    expect(worst(flooded, 0)).toBeLessThan(isFair ? firstSeconds : 40 * second);
  });

  it('a hanging endpoint with few deliveries keeps its requests', async () => {
    const { world, flooder } = await run({ after: 15 * second, status: 200 }, 10);
    const requests = world.posted.filter(({ endpointId }) => endpointId === flooder);
    expect(requests.every((posted) => posted.requests === 1)).toBe(true);
  });
});
