import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowedDelay, measureIsolation } from '../../bench/isolation-run.ts';
import { type LocalStack, startLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;

beforeEach(async () => {
  stack = await startLocalStack();
});
afterEach(() => stack.stop());

const calls = (principal: string, action: string): boolean =>
  stack.proxy.meter
    .snapshot()
    .some((entry) => entry.principal.includes(principal) && entry.action === action);

// A part of the full size, which takes minutes: `npm run bench:isolation` makes 10,000 deliveries.
const flood = 500;

describe('promise 6: isolation, on the whole stack', () => {
  it.each([
    ['hang for 30 s', { after: 30_000, status: 200 }, true],
    ['fail at once', { after: 0, status: 500 }, false],
  ])(
    `${flood} deliveries of one endpoint that %s leave a hundred others alone after the first seconds`,
    async (_, answer, isSlow) => {
      const result = await measureIsolation({
        ...{ url: stack.url, token: stack.adminToken, flood, answer, phase: 6_000 },
      });
      expect(result.quiet).toBeGreaterThan(0);
      expect(result.flooded).toBeLessThanOrEqual(allowedDelay(result));
      // The first ones were attempted, so there was something to be isolated from.
      expect(result.requests).toBeGreaterThanOrEqual(5);
      // By the ways that were meant, within the functions' own policies.
      if (isSlow) {
        expect(calls('DeliverNormal', 'GetQueueAttributes')).toBe(true);
        expect(calls('DeliverSlow', 'PutItem')).toBe(true);
      }
      expect(stack.logs().filter(({ text }) => text.includes('not authorized'))).toEqual([]);
    },
    180_000,
  );
});
