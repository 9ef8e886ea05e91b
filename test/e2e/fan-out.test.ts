import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../../local/demo/api.ts';
import { type Receiver, startReceiver } from '../../local/demo/receiver.ts';
import { writeEndpoints } from '../support/bulk-endpoints.ts';
import { type LocalStack, startLocalStack } from '../support/local-stack.ts';
import { by } from '../support/stack-faults.ts';
import { waitFor } from '../support/wait.ts';

const wide = 10_000;
const crashing = 250;
// The scheduler packs the routes of an application after so many changes.
const changesUntilPacked = 100;
const applicationId = 'wide';
const functionTimeout = 10;
let stack: LocalStack;
let api: Api;
let dynamoDb: DynamoDBClient;
let configTable: string;
let receiver: Receiver;

beforeAll(async () => {
  stack = await startLocalStack({
    // A crash is noticed after the function's time, and its message comes again: here within seconds.
    mutateTemplate: ({ Resources }) => {
      for (const [id, resource] of Object.entries(Resources)) {
        const { Properties } = resource as { Properties: Record<string, unknown> };
        if (id.startsWith('Hook0FanOutFunction')) Properties.Timeout = functionTimeout;
        if (id === 'Hook0FanOutQueue') Properties.VisibilityTimeout = functionTimeout + 2;
      }
    },
  });
  const operator = createApi(stack.url, stack.adminToken);
  await operator.expect(201, 'POST', '/api/applications', { id: applicationId, name: 'wide' });
  const made = await operator.call(
    'POST',
    '/api/tokens',
    { name: 'wide', scopes: ['manage', 'ingest', 'read'] },
    { 'x-hook0-application': applicationId },
  );
  api = createApi(stack.url, String((made.json as { token?: string }).token));
  const { AWS_ACCESS_KEY_ID: accessKeyId = '' } = stack.proxy.environmentFor('root');
  dynamoDb = new DynamoDBClient({
    endpoint: stack.proxy.origin,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
  configTable = TableNames.find((name) => name.includes('ConfigTable')) ?? '';
  receiver = await startReceiver(() => ({ status: 200 }));

  // Before anybody has the application's routes in memory: those of the many are seen in the packed snapshot alone.
  const endpoint = (events: string[]) => ({ applicationId, url: receiver.url, events });
  await writeEndpoints(dynamoDb, configTable, wide - changesUntilPacked, () => endpoint(['all.happened']));
  await writeEndpoints(dynamoDb, configTable, crashing, () => endpoint(['crash.happened']));
  for (let created = 0; created < changesUntilPacked; created += 1) {
    const body = { name: `created ${created}`, url: receiver.url, events: ['all.happened'] };
    await api.expect(201, 'POST', '/api/endpoints', body);
  }
  await api.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'one', url: receiver.url, events: ['one.happened'] },
  });
  await stack.tick('Hook0Scheduler');
}, 240_000);
afterAll(async () => {
  dynamoDb?.destroy();
  await receiver?.stop();
  await stack?.stop();
});

async function post(type: string): Promise<{ eventId: string; webhookCount: number; took: number }> {
  const started = performance.now();
  const { eventId, webhookCount } = await api.expect(202, 'POST', '/api/events', { type, payload: { n: 1 } });
  return {
    eventId: String(eventId),
    webhookCount: Number(webhookCount),
    took: performance.now() - started,
  };
}

/** How often each delivery of an event reached the receiver. */
function arrivals(eventId: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { headers } of receiver.requests) {
    if (headers['webhook-id'] !== eventId) continue;
    const id = String(headers['x-hook0-delivery-id']);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const mentionsAny = (ids: ReadonlySet<string>, input: unknown): boolean => {
  const text = JSON.stringify(input);
  return [...ids].some((id) => text.includes(id));
};

describe('an event for 10,000 endpoints', () => {
  it('is accepted within three times the time of an event for one', async () => {
    // Their fan-out never gets to know them, so that no deliveries compete with what is measured, here or later.
    const undelivered = new Set<string>();
    let isMeasuring = true;
    stack.proxy.faults.add({
      match: by(
        'Hook0FanOut',
        ({ action: name, input }) => name === 'GetItem' && (isMeasuring || mentionsAny(undelivered, input)),
      ),
      kind: 'unavailable',
    });
    const postWide = async () => {
      const posted = await post('all.happened');
      undelivered.add(posted.eventId);
      return posted;
    };
    expect((await post('one.happened')).webhookCount).toBe(1);
    expect((await postWide()).webhookCount).toBe(wide);
    const one: number[] = [];
    const all: number[] = [];
    // Side by side, so that a machine that is busy for a while is busy for both.
    for (let round = 0; round < 15; round += 1) {
      one.push((await post('one.happened')).took);
      all.push((await postWide()).took);
    }
    isMeasuring = false;
    const times = `${one.map(Math.round)} ms for one, ${all.map(Math.round)} ms for all`;
    expect(median(all) / median(one), times).toBeLessThan(3);
  });

  it('is delivered to each of them once', async () => {
    const { eventId, webhookCount } = await post('all.happened');
    expect(webhookCount).toBe(wide);
    await waitFor('all deliveries', async () => arrivals(eventId).size === wide, 200_000);
    expect([...arrivals(eventId).values()].filter((count) => count !== 1)).toEqual([]);
  }, 240_000);
});

describe('a fan-out that crashes in the middle', () => {
  it('reaches every endpoint, each once', async () => {
    let eventId = '';
    let sends = 0;
    const fault = stack.proxy.faults.add({
      // Its segments name the event before anything of it is sent. After 150 deliveries every call hangs.
      match: ({ principal, action: name, input }) => {
        const text = JSON.stringify(input);
        if (principal.startsWith('Hook0Ingest')) eventId ||= /EVENT#(evt_\w+)#0/.exec(text)?.[1] ?? '';
        if (!principal.startsWith('Hook0FanOut') || eventId === '' || !text.includes(eventId)) return false;
        sends += name === 'SendMessageBatch' ? 1 : 0;
        return sends > 15;
      },
      kind: 'timeout',
    });
    const posted = await post('crash.happened');
    expect(posted).toMatchObject({ eventId, webhookCount: crashing });
    await waitFor('the crash', async () => stack.logs().some(({ text }) => text.includes('timed out')));
    fault.remove();
    const before = arrivals(eventId).size;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(crashing);
    await waitFor('all deliveries', async () => arrivals(eventId).size === crashing, 60_000);
    expect([...arrivals(eventId).values()].filter((count) => count !== 1)).toEqual([]);
  }, 120_000);
});
