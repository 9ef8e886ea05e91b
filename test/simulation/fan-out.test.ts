import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '#core/message/codec.ts';
import type { Damage } from './plant/faults.ts';
import { hour } from './plant/plant.ts';
import { Posting } from './posting.ts';

const event = '{"type":"order.created","payload":{"n":1.0}}';
const endpoints = 1_250;
// Two effects store that a portion begins and send it; two store that the last one is done. A segment of ten portions
// and one of three.
const steps = 2 * (10 * 2 + 1) + 2 * (3 * 2 + 1);
const portionSize = 100;
const everyStep = Array.from({ length: steps }, (_, index) => index + 1);

async function posted(options: Partial<ConstructorParameters<typeof Posting>[0]> = {}) {
  const world = new Posting({ endpoints, ...options });
  await world.postUntilAccepted('/api/events', event);
  return world;
}

/** How many endpoints got it more than once, after making sure that all got it and that each delivery is settled. */
function doubled(world: Posting): number {
  expect(world.requests).toHaveLength(endpoints);
  expect(world.deliveries).toHaveLength(endpoints);
  expect(world.deliveries.every(({ state }) => state.status === 'succeeded')).toBe(true);
  return moreThanOnce(world);
}

const moreThanOnce = (world: Posting): number => world.requests.filter((count) => count > 1).length;

describe('the fan-out of a wide event', () => {
  it(`has ${steps} steps at which it may break`, async () => {
    const world = await posted();
    await world.deliverAll();
    expect(doubled(world)).toBe(0);
    expect(world.fanOutSteps).toBe(steps);
  });

  it.each(everyStep)('delivers to each endpoint once when it dies at step %i', async (step) => {
    const world = await posted({ fanOutDamageAt: (at) => (at === step ? 'dies' : undefined) });
    await world.deliverAll();
    expect(doubled(world)).toBe(0);
  });

  it.each(everyStep)(
    'makes no second request when it fails at step %i and comes again at once',
    async (step) => {
      const world = await posted({ fanOutDamageAt: (at) => (at === step ? 'fails' : undefined) });
      await world.deliverAll();
      // Messages that the queue refused are held, and the scheduler releases them.
      expect(world.deliveries).toHaveLength(endpoints);
      expect(moreThanOnce(world)).toBe(0);
    },
  );

  it.each(everyStep)(
    'sends no more than one portion twice when it dies at step %i before anything was delivered',
    async (step) => {
      const world = await posted({
        isBusy: true,
        fanOutDamageAt: (at) => (at === step ? 'dies' : undefined),
      });
      await world.deliverAll();
      expect(doubled(world)).toBeLessThanOrEqual(portionSize);
      const sent = world.messages.filter((body) => decodeMessage(body).kind === 'delivery');
      expect(sent.length - endpoints).toBeLessThanOrEqual(portionSize);
    },
  );

  it('loses nothing, whatever crashes and fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.integer({ min: 1, max: 2 * steps }).map(String), fc.constantFrom('dies', 'fails')),
        fc.boolean(),
        async (damages, isBusy) => {
          const fanOutDamageAt = (step: number) => damages[String(step)] as Damage | undefined;
          const world = await posted({ isBusy, fanOutDamageAt });
          await world.deliverAll();
          // Messages that the queue refused are held, and the scheduler releases them.
          expect(world.deliveries).toHaveLength(endpoints);
          for (const { state } of world.deliveries) {
            expect(['succeeded', 'held']).toContain(state.status);
          }
          expect(moreThanOnce(world)).toBeLessThanOrEqual(portionSize * Object.keys(damages).length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is left to the function that is working on it when its message is received twice', async () => {
    const world = await posted();
    const { plant } = world;
    plant.atOnce = 2;
    plant.callTime = () => 1;
    const copies = [world.messages[0] ?? ''];
    // The copy is received while the first function is working on a portion.
    plant.onEffect = ({ name }) => {
      if (name === 'progress.store') for (const copy of copies.splice(0)) plant.queues.send('fan-out', copy);
    };
    await world.deliverAll();
    expect(doubled(world)).toBe(0);
    const sent = world.messages.filter((body) => decodeMessage(body).kind === 'delivery');
    expect(sent).toHaveLength(endpoints);
  });

  it('reads the delivery first when its message waited so long that it was taken for lost', async () => {
    const world = await posted();
    await world.plant.wait(hour);
    await world.deliverAll();
    expect(doubled(world)).toBe(0);
    const sent = world.messages.map(decodeMessage).filter((message) => message.kind === 'delivery');
    expect(new Set(sent.map(({ first }) => first))).toEqual(new Set([false]));
  });
});
