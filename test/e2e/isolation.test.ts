import { describe, expect, it } from 'vitest';
import { allowedDelay, measureIsolation, misbehaviours } from '#bench/isolation-run.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';

const calls = (stack: LocalStack, principal: string, action: string): boolean =>
  stack.proxy.meter
    .snapshot()
    .some((entry) => entry.principal.includes(principal) && entry.action === action);

// A part of the full size, which takes minutes: `npm run bench:isolation` makes 10,000 deliveries.
const some = 500;
// What is left of these after the first seconds still takes some: 120 places answer 170 a second.
const many = 3_000;
// A 99th percentile of some seconds is spoilt by one moment in which this machine stands still, or by a post that it does
// not manage in time. Endpoints that are not isolated wait for seconds in each measurement.
const measurements = 3;

describe('promise 6: isolation, on the whole stack', () => {
  it.each([
    [some, 'hang for 30 s', misbehaviours.hangs],
    [some, 'fail at once', misbehaviours.fails],
    [many, 'are more than its queue bears', misbehaviours.floods],
  ])(
    '%i deliveries of one endpoint that %s leave a hundred others alone after the first seconds',
    async (flood, _, answer) => {
      const delays: string[] = [];
      for (let measurement = 0; measurement < measurements; measurement += 1) {
        const stack = await startLocalStack();
        try {
          const result = await measureIsolation({
            ...{ url: stack.url, token: stack.adminToken, flood, answer, phase: 6_000 },
          }).catch((error: Error) => error);
          if (result instanceof Error) {
            delays.push(`not measured: ${result.message}`);
            continue;
          }
          expect(result.quiet).toBeGreaterThan(0);
          // The first ones were attempted, so there was something to be isolated from.
          expect(result.requests).toBeGreaterThanOrEqual(5);
          expect(stack.logs().filter(({ text }) => text.includes('not authorized'))).toEqual([]);
          if (answer === misbehaviours.floods) expect(result.requestsSettled).toBeLessThan(flood);
          // By the ways that were meant, within the functions' own policies.
          if (answer === misbehaviours.hangs) {
            expect(calls(stack, 'DeliverNormal', 'GetQueueAttributes')).toBe(true);
            expect(calls(stack, 'DeliverSlow', 'PutItem')).toBe(true);
          }
          if (result.flooded <= allowedDelay(result)) return;
          delays.push(`${result.flooded} ms, of ${allowedDelay(result)} ms that are allowed`);
        } finally {
          await stack.stop();
        }
      }
      expect.fail(`the others' 99th percentile was ${delays.join('; then ')}`);
    },
    measurements * 180_000,
  );
});
