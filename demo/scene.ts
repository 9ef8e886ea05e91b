import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, Hook0Client, NewEndpoint } from '#sdk/src/index.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** One row of the demo's table. */
export interface SceneOutcome {
  readonly expected: string;
  readonly happened: string;
}

export interface Scene {
  readonly title: string;
  play(client: Hook0Client): Promise<SceneOutcome>;
}

/** Runs a receiver while `work` runs. */
export async function withReceiver<T>(
  answer: Parameters<typeof startReceiver>[0],
  work: (receiver: Receiver) => Promise<T>,
): Promise<T> {
  const receiver = await startReceiver(answer);
  try {
    return await work(receiver);
  } finally {
    await receiver.stop();
  }
}

/** Creates an endpoint for one event type. @returns its id */
export async function createEndpoint(
  client: Hook0Client,
  { url }: Receiver,
  type: string,
  rest: Partial<NewEndpoint> = {},
): Promise<string> {
  return (await client.endpoints.create({ name: `Demo of ${type}`, url, events: [type], ...rest })).id;
}

/** Posts an event. @returns its id */
export async function post(client: Hook0Client, type: string, payload: unknown = {}): Promise<string> {
  return (await client.sendEvent({ type, source: 'demo', payload })).eventId;
}

const longestWaitMs = 30_000;

/** Reads until `isDone`, or for half a minute. @returns what was read last */
export async function readUntil<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + longestWaitMs; ; await sleep(100)) {
    const value = await read();
    if (isDone(value) || Date.now() > deadline) return value;
  }
}

/** The deliveries of events once `isDone` holds for each, or after half a minute. */
export function deliveriesOnce(
  client: Hook0Client,
  eventIds: readonly string[],
  isDone: (delivery: Delivery) => boolean,
): Promise<readonly Delivery[]> {
  return readUntil(
    async () => {
      const events = await Promise.all(eventIds.map((id) => client.events.get(id)));
      return events.flatMap(({ deliveries }) => deliveries);
    },
    (deliveries) => deliveries.length >= eventIds.length && deliveries.every(isDone),
  );
}

const finalStatuses = ['succeeded', 'dead', 'cancelled'];

/** The final statuses of the events' deliveries, each named once. @param generation of the deliveries that count */
export async function finalStatusesOf(
  client: Hook0Client,
  eventIds: readonly string[],
  generation = 1,
): Promise<string> {
  const deliveries = await deliveriesOnce(
    client,
    eventIds,
    (delivery) => finalStatuses.includes(delivery.status) && delivery.generation === generation,
  );
  return [...new Set(deliveries.map(({ status }) => status))].toSorted().join(', ');
}
