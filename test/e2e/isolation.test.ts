import { describe, expect, it } from 'vitest';
import { misbehaviours } from '#bench/isolation-run.ts';
import { startReceiver } from '#demo/receiver.ts';
import { createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const calls = (stack: LocalStack, principal: string, action: string): boolean =>
  stack.proxy.meter
    .snapshot()
    .some((entry) => entry.principal.includes(principal) && entry.action === action);

const neighbours = 100;
const flood = 600;

const batchOf = (type: (n: number) => string, count: number) => ({
  events: Array.from({ length: count }, (_, n) => ({ type: type(n), payload: { n } })),
});

// How long the neighbours wait, in milliseconds and at the full size: `npm run bench:isolation`.
describe('promise 6: isolation, on the whole stack', () => {
  it.each([
    ['hang for 30 s', misbehaviours.hangs],
    ['fail at once', misbehaviours.fails],
    ['take all places of its queue', misbehaviours.floods],
  ])(
    'one endpoint whose deliveries %s does not make a hundred others wait for them',
    async (_, answer) => {
      const stack = await startLocalStack();
      const api = createApi(stack.url, stack.adminToken);
      const well = await startReceiver(() => ({ status: 200 }));
      const ill = await startReceiver(() => answer);
      try {
        for (let n = 0; n < neighbours; n += 1)
          await api.expect(201, 'POST', '/api/endpoints', {
            ...{ name: 'well', url: well.url, events: [`well.n${n}`] },
          });
        await api.expect(201, 'POST', '/api/endpoints', { name: 'ill', url: ill.url, events: ['ill.one'] });
        for (let posted = 0; posted < flood; posted += 100)
          await api.expect(
            202,
            'POST',
            '/api/events/batch',
            batchOf(() => 'ill.one', 100),
          );
        await ill.until(() => ill.requests.length > 0, 60_000);

        await api.expect(
          202,
          'POST',
          '/api/events/batch',
          batchOf((n) => `well.n${n}`, neighbours),
        );
        await well.until(() => well.requests.length >= neighbours, 180_000);

        // In a queue that is not fair, they would have come after the last request of the flood.
        expect(ill.requests.length).toBeLessThan(flood / 2);
        expect(stack.logs().filter(({ text }) => text.includes('not authorized'))).toEqual([]);
        // Within the functions' own policies, endpoints that hang were found and their deliveries diverted.
        if (answer === misbehaviours.hangs) {
          await waitFor('a look at the queue', async () =>
            calls(stack, 'DeliverNormal', 'GetQueueAttributes'),
          );
          await waitFor('an attempt of a diverted delivery', async () =>
            calls(stack, 'DeliverSlow', 'PutItem'),
          );
        }
      } finally {
        await stack.stop();
        await Promise.all([well.stop(), ill.stop()]);
      }
    },
    300_000,
  );
});
