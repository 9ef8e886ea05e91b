import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const events = 40;
let stack: LocalStack;
let api: Api;
let receiver: Receiver;

beforeAll(async () => {
  stack = await startLocalStack();
  api = createApi(stack.url, stack.adminToken);
  receiver = await startReceiver(() => ({ status: 200 }));
  await api.expect(201, 'POST', '/api/endpoints', { name: 'all', url: receiver.url, events: ['*'] });
});
afterAll(async () => {
  await stack.stop();
  await receiver.stop();
});

/**
 * Billable units of the functions on an event's way, summed; polling that finds nothing is the idle floor and not
 * counted. Statistics are written once a minute, however many events there are: `npm run bench:rollup` has their cost.
 */
function units() {
  const functions = stack.proxy.meter
    .snapshot()
    .filter(({ principal }) => principal !== 'root' && !principal.startsWith('Hook0Rollup'));
  const sum = (of: 'writeUnits' | 'readUnits' | 'billedRequests', action?: string) =>
    functions.reduce(
      (total, entry) => total + (action === undefined || entry.action === action ? entry[of] : 0),
      0,
    );
  return {
    writes: sum('writeUnits'),
    reads: sum('readUnits'),
    sends: sum('billedRequests', 'SendMessage') + sum('billedRequests', 'SendMessageBatch'),
  };
}

async function deliverAll(post: () => Promise<unknown>): Promise<void> {
  const before = receiver.requests.length;
  await post();
  await receiver.until(({ length }) => length >= before + events);
  // The write that settles a delivery follows the receiver's answer.
  await waitFor('the last write', async () => {
    const seen = units().writes;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return units().writes === seen;
  });
}

const event = { type: 'cost.measured', source: 'test', payload: { text: 'x'.repeat(1000) } };

describe('what a 1 KB event to one endpoint costs', () => {
  it('stays within 3 write units and a tenth for the caps of the application, 1.5 read units and one send', async () => {
    // An instance that starts reads the token and the routes once; some round sees none start.
    const rounds: ReturnType<typeof units>[] = [];
    for (let round = 0; round < 4; round += 1) {
      stack.proxy.meter.reset();
      await deliverAll(async () => {
        for (let posted = 0; posted < events; posted += 1)
          await api.expect(202, 'POST', '/api/events', event);
      });
      rounds.push(units());
    }
    const least = (of: keyof ReturnType<typeof units>) =>
      Math.min(...rounds.map((round) => round[of])) / events;
    expect(least('writes')).toBeLessThanOrEqual(3.1);
    expect(least('reads')).toBeLessThanOrEqual(1.5);
    expect(least('sends')).toBeLessThanOrEqual(1);
  });

  it('shares sends when events come in batches', async () => {
    stack.proxy.meter.reset();
    await deliverAll(() =>
      api.expect(202, 'POST', '/api/events/batch', { events: Array(events).fill(event) }),
    );
    const { writes, sends } = units();
    expect(writes / events).toBeLessThanOrEqual(3.1);
    expect(sends / events).toBeLessThanOrEqual(0.15);
  });
});
