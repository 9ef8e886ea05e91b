import { describe, expect, it } from 'vitest';
import { handleTaskMessage } from '#lambdas/tasks/handle-message.ts';
import { receivedOf } from '#test/support/received.ts';
import { world } from './world.ts';

describe('any other message of the redrive queue', () => {
  it('goes back to the dead-letter queue as it was', async () => {
    const { aside, unreadable, ports } = world({});
    const bodies = ['nonsense', '{"v":1,"kind":"other"}'];
    for (const body of bodies) await handleTaskMessage(receivedOf(body), ports);
    expect(aside).toEqual(bodies);
    expect(unreadable).toHaveLength(2);
  });

  it('waits when a newer release wrote it', async () => {
    const { queue, ports } = world({});
    await handleTaskMessage(receivedOf('{"v":2}'), ports);
    expect(queue).toMatchObject([{ body: '{"v":2}', delay: 300_000 }]);
  });
});
