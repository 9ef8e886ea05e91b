// How long an event takes from its post to the receiver, on this machine, at 50 events a second, beside what a POST
// straight to the receiver takes in the same seconds: `npm run bench:latency`, half a minute.

import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { allArrived, arrivalsOf } from './isolation-run.ts';
import { percentile } from './percentile.ts';
import { withStacks } from './stacks.ts';

const eventsPerSecond = 50;
const warmUpSeconds = 5;
const seconds = 20;
const budget = { p50: 50, p99: 250 };

await withStacks((withStack) =>
  withStack(async (stack) => {
    const receiver = await startReceiver(() => ({ status: 200 }));
    try {
      report(await measure(createApi(stack.url, stack.adminToken), receiver));
    } finally {
      await receiver.stop();
    }
  }),
);

interface Delays {
  /** Milliseconds from the posts of events to their requests, and of POSTs straight to the receiver. */
  readonly events: readonly number[];
  readonly floor: readonly number[];
}

async function measure(api: Api, receiver: Receiver): Promise<Delays> {
  await api.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'one', url: receiver.url, events: ['*'] },
  });
  const posts = new Map<string, number>();
  const straight = createApi(receiver.url, '');
  const floor: number[] = [];
  const post = async (n: number): Promise<void> => {
    const at = performance.timeOrigin + performance.now();
    const event = { type: 'order.created', payload: { n, text: 'x'.repeat(1_000) } };
    const { eventId } = await api.expect(202, 'POST', '/api/events', event);
    posts.set(String(eventId), at);
    const begun = performance.now();
    await straight.call('POST', '', event.payload);
    floor.push(performance.now() - begun);
  };
  const posting: Promise<void>[] = [];
  const started = performance.now();
  for (let n = 0; n < (warmUpSeconds + seconds) * eventsPerSecond; n += 1) {
    posting.push(post(n));
    const next = started + ((n + 1) * 1_000) / eventsPerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  await Promise.all(posting);
  await receiver.until(() => allArrived(posts, receiver), 60_000);
  const arrivals = arrivalsOf(receiver);
  const warm = warmUpSeconds * eventsPerSecond;
  return {
    events: [...posts].slice(warm).map(([id, at]) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - at),
    floor: floor.slice(warm),
  };
}

function report({ events, floor }: Delays): void {
  const [p50, p99] = [percentile(events, 0.5), percentile(events, 0.99)];
  process.stdout.write(
    `${events.length} events at ${eventsPerSecond} a second, from the post to the receiver:\n` +
      `  p50 ${p50.toFixed(0)} ms (budget ${budget.p50}), p99 ${p99.toFixed(0)} ms (budget ${budget.p99})\n` +
      `  straight to the receiver: p50 ${percentile(floor, 0.5).toFixed(1)} ms, p99 ${percentile(floor, 0.99).toFixed(1)} ms\n`,
  );
  if (p50 > budget.p50 || p99 > budget.p99) process.exitCode = 1;
}
