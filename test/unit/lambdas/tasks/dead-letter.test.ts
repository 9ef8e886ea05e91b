import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Message } from '#core/message/message.ts';
import { deliveryOf, movedTo, noon } from '#test/support/deliveries.ts';
import { deadAt, generations, world } from './world.ts';

describe('a dead letter that was moved to the redrive queue', () => {
  const letterOf = ({ applicationId, endpointId, eventId, generation }: Delivery): Message => ({
    ...{ v: 1, kind: 'dead-letter', reason: 'exhausted' },
    ...{ applicationId, endpointId, eventId, generation },
  });

  it('starts the next generation if the delivery is dead in its own', async () => {
    const dead = deadAt(noon);
    const { items, woken, push, run } = world({ deliveries: [dead] });
    push(letterOf(dead), 0);
    push(letterOf(dead), 0);
    await run();
    expect(generations(items.values())).toEqual([2]);
    // The second letter wakes the delivery again, because the message of the first may have been lost.
    expect(woken.map(({ generation }) => generation)).toEqual([2, 2]);
  });

  it.each([
    ['succeeded meanwhile', movedTo(deliveryOf(), { status: 'succeeded', settledAt: noon })],
    ['dead in a later generation', { ...deadAt(noon), generation: 3 }],
  ])('does nothing for one that is %s', async (_, standing) => {
    const { items, woken, push, run } = world({ deliveries: [standing] });
    push({ ...letterOf(standing), generation: 1 } as Message, 0);
    await run();
    expect([...items.values()]).toEqual([standing]);
    expect(woken).toEqual([]);
  });

  it('does nothing for one that is unknown, of another application or without a reachable endpoint', async () => {
    const dead = deadAt(noon);
    const unknown = world({});
    unknown.push(letterOf(dead), 0);
    await unknown.run();
    const foreign = world({ deliveries: [dead] });
    foreign.push({ ...letterOf(dead), applicationId: 'other' } as Message, 0);
    await foreign.run();
    const nowhere = world({ deliveries: [dead], status: () => 'disabled' });
    nowhere.push(letterOf(dead), 0);
    await nowhere.run();
    for (const { woken, queue } of [unknown, foreign, nowhere]) expect([...woken, ...queue]).toEqual([]);
  });

  it('starts it once, whichever step crashes', async () => {
    for (let crash = 1; crash <= 6; crash += 1) {
      const dead = deadAt(noon);
      const { items, woken, push, run } = world({ deliveries: [dead], crashAt: (step) => step === crash });
      push(letterOf(dead), 0);
      await run();
      expect(generations(items.values())).toEqual([2]);
      expect(woken.length).toBeGreaterThan(0);
    }
  });
});
