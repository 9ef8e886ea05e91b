// How long an event takes from its post to the receiver, on this machine, at 50 events a second, beside what a POST
// straight to the receiver takes in the same seconds: `npm run bench:latency`, half a minute.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../local/demo/api.ts';
import { startReceiver } from '../local/demo/receiver.ts';
import { openGateway } from '../local/gateway.ts';
import { startStack } from '../local/stack.ts';
import { synthesize } from '../local/synth.ts';

const eventsPerSecond = 50;
const warmUpSeconds = 5;
const seconds = 20;
const budget = { p50: 50, p99: 250 };

const folder = await mkdtemp(join(tmpdir(), 'hook0-bench-'));
try {
  const assembly = await synthesize(folder);
  const stack = await startStack({
    ...{ assembly: assembly.folder, stackName: assembly.stackName, gateway: await openGateway(0) },
    dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT,
    tickMs: 60_000,
    extraEnvironment: { HOOK0_LOCAL_TARGETS: 'allow' },
  });
  const receiver = await startReceiver(() => ({ status: 200 }));
  try {
    const api = createApi(stack.url, stack.adminToken);
    await api.expect(201, 'POST', '/api/endpoints', {
      ...{ name: 'one', url: receiver.url, events: ['*'] },
    });
    const posts = new Map<string, number>();
    const straight = createApi(receiver.url, '');
    const floors: number[] = [];
    const post = async (n: number): Promise<void> => {
      const at = performance.timeOrigin + performance.now();
      const event = { type: 'order.created', payload: { n, text: 'x'.repeat(1_000) } };
      const { eventId } = await api.expect(202, 'POST', '/api/events', event);
      posts.set(String(eventId), at);
      const begun = performance.now();
      await straight.call('POST', '', event.payload);
      floors.push(performance.now() - begun);
    };
    const posting: Promise<void>[] = [];
    const started = performance.now();
    for (let n = 0; n < (warmUpSeconds + seconds) * eventsPerSecond; n += 1) {
      posting.push(post(n));
      const next = started + ((n + 1) * 1_000) / eventsPerSecond;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
    }
    await Promise.all(posting);
    const webhooks = () => receiver.requests.filter(({ headers }) => headers['webhook-id'] !== undefined);
    await receiver.until(() => webhooks().length >= posts.size, 60_000);
    const arrivals = new Map(webhooks().map(({ headers, at }) => [String(headers['webhook-id']), at]));
    const delays = [...posts]
      .slice(warmUpSeconds * eventsPerSecond)
      .map(([id, at]) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - at);
    const floor = floors.slice(warmUpSeconds * eventsPerSecond);
    const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)];
    process.stdout.write(
      `${delays.length} events at ${eventsPerSecond} a second, from the post to the receiver:\n` +
        `  p50 ${p50.toFixed(0)} ms (budget ${budget.p50}), p99 ${p99.toFixed(0)} ms (budget ${budget.p99})\n` +
        `  straight to the receiver: p50 ${percentile(floor, 0.5).toFixed(1)} ms, p99 ${percentile(floor, 0.99).toFixed(1)} ms\n`,
    );
    if (p50 > budget.p50 || p99 > budget.p99) process.exitCode = 1;
  } finally {
    await receiver.stop();
    await stack.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
