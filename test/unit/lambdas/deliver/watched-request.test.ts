import { describe, expect, it } from 'vitest';
import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { watchedRequest } from '#lambdas/deliver/watched-request.ts';

const answered: RequestResult = {
  kind: 'answered',
  statusCode: 200,
  responseHeaders: {},
  responseBody: '',
  duration: 5,
};
const record = { endpoint: { id: 'ep_1' } } as EndpointRecord;

/** Steps of one request: `wait` lets virtual milliseconds pass, `sent` is the moment when it was sent. */
async function marksAt(steps: readonly (number | 'sent')[]): Promise<number[]> {
  let now = 0;
  const timers = new Map<() => void, number>();
  const marks: number[] = [];
  const pass = (milliseconds: number) => {
    const end = now + milliseconds;
    for (;;) {
      const [next] = [...timers].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
      if (next === undefined) break;
      timers.delete(next[0]);
      now = next[1];
      next[0]();
    }
    now = end;
  };
  const { marked } = await watchedRequest(
    record,
    async ({ onSent }) => {
      for (const step of steps) {
        if (step === 'sent') onSent();
        else pass(step);
      }
      return answered;
    },
    {
      queueClass: 'slow',
      now: () => now,
      after: (delay, ring) => {
        timers.set(ring, now + delay);
        return () => timers.delete(ring);
      },
      markSlow: async () => void marks.push(now),
      waiting: async () => 0,
    },
  );
  await marked;
  pass(60_000);
  return marks;
}

describe('an endpoint is slow', () => {
  it.each([
    ['not when it answers within a second', ['sent', 999], []],
    ['when it has not answered a second after the request was sent', ['sent', 1500], [1000, 1500]],
    ['not because of DNS, TCP and TLS', [4900, 'sent', 999], []],
    ['when it is far away and takes a second more', [900, 'sent', 1001], [1900, 1901]],
    ['when the request could not be sent for five seconds', [30_000], [5000, 30_000]],
    ['not because the request was sent again on a new connection', ['sent', 800, 'sent', 800], []],
    ['not after its answer', ['sent', 10], []],
  ] as const)('%s', async (_what, steps, marks) => {
    expect(await marksAt(steps)).toEqual(marks);
  });
});
