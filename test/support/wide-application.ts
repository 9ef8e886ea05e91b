import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from './api.ts';
import { writeEndpoints } from './bulk-endpoints.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from './local-stack.ts';
import { operatorOf } from './stack-operator.ts';

export interface WideApplication {
  readonly stack: LocalStack;
  /** Posts an event of a type; `took` in milliseconds. */
  post(
    type: string,
  ): Promise<{ readonly eventId: string; readonly webhookCount: number; readonly took: number }>;
  /** How often each delivery of an event reached the receiver, by its id. */
  arrivals(eventId: string): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

const applicationId = 'wide';
/** The scheduler packs the routes of an application after so many changes; so many are made through the API. */
const changesUntilPacked = 100;

/**
 * A stack with an application that has many endpoints for `all.happened` and one for `one.happened`. Most are written
 * into the table as they stand after creation, before anybody has the application's routes in memory: their routes are
 * seen in the packed snapshot alone.
 */
export async function startWideApplication(
  endpoints: number,
  options: LocalStackOptions = {},
): Promise<WideApplication> {
  const stack = await startLocalStack(options);
  const receiver = await startReceiver(() => ({ status: 200 }));
  const api = await apiOf(stack);
  const operator = await operatorOf(stack);
  const events = ['all.happened'];
  const written = { applicationId, url: receiver.url, events };
  await writeEndpoints(
    operator.dynamoDb,
    operator.tableNamed('ConfigTable'),
    endpoints - changesUntilPacked,
    () => written,
  );
  operator.close();
  const create = (name: string, wanted: string[]) =>
    api.expect(201, 'POST', '/api/endpoints', { name, url: receiver.url, events: wanted });
  for (let created = 0; created < changesUntilPacked; created += 1)
    await create(`created ${created}`, events);
  await create('one', ['one.happened']);
  await stack.tick('Hook0Scheduler');
  return {
    stack,
    async post(type) {
      const started = performance.now();
      const accepted = await api.expect(202, 'POST', '/api/events', { type, payload: { n: 1 } });
      const took = performance.now() - started;
      return { eventId: String(accepted.eventId), webhookCount: Number(accepted.webhookCount), took };
    },
    arrivals: (eventId) => arrivalsAt(receiver, eventId),
    async stop() {
      await receiver.stop();
      await stack.stop();
    },
  };
}

async function apiOf(stack: LocalStack): Promise<Api> {
  const operator = createApi(stack.url, stack.adminToken);
  await operator.expect(201, 'POST', '/api/applications', { id: applicationId, name: 'wide' });
  const made = await operator.call(
    'POST',
    '/api/tokens',
    { name: 'wide', scopes: ['manage', 'ingest', 'read'] },
    { 'x-hook0-application': applicationId },
  );
  return createApi(stack.url, String((made.json as { token?: string }).token));
}

function arrivalsAt({ requests }: Receiver, eventId: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { headers } of requests) {
    if (headers['webhook-id'] !== eventId) continue;
    const id = String(headers['x-hook0-delivery-id']);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
