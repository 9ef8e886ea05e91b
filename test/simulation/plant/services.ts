import type { RequestResult } from '#core/attempt/outcome.ts';
import type { createCache } from '#core/concurrency/cache.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { DispatchPorts, Outgoing } from '#core/delivery/dispatch.ts';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { Ids } from '#core/id/ids.ts';
import { announceExpiry, createAnnounce } from '#core/lifecycle/announce.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import type { LifecycleEvent } from '#core/lifecycle/lifecycle-event.ts';
import type { DeadLetterMessage, Message } from '#core/message/message.ts';
import type { Handled } from '#core/message/received.ts';
import type { Task } from '#core/task/task.ts';
import type { AttemptReport, OutgoingRequest } from '#lambdas/deliver/ports.ts';
import { memoryStores, type Stores } from '#test/support/memory/stores.ts';
import type { Tables } from '#test/support/memory/tables.ts';
import type { VirtualClock } from './clock.ts';
import { type Call, Death, type Life } from './faults.ts';
import type { QueueName, Queues } from './queues.ts';

interface EndpointReference {
  readonly applicationId: string;
  readonly endpointId: string;
}

/** What all functions stand on. */
export interface Ground {
  readonly clock: VirtualClock;
  readonly tables: Tables;
  readonly stores: Stores;
  readonly queues: Queues;
  /** Each as often as it was published. */
  readonly announced: LifecycleEvent[];
  readonly reports: AttemptReport[];
  /** What functions failed with. */
  readonly errors: unknown[];
  readonly ids: Ids;
  readonly random: () => number;
  readonly newClaimId: () => string;
  /** Messages that are being handled, by invocation and delivery. */
  readonly handledOnce: ReturnType<typeof createCache<Handled>>;
  /** Milliseconds after which an invocation of the function is ended. */
  readonly timeLimit: (by: string) => number;
  /** Every call of a function to what is outside of it. */
  effect<Result>(life: Life, call: Call, work: () => Result | Promise<Result>): Promise<Result>;
  /** Makes a request to a receiver, which takes the time of its answer. */
  request(queue: QueueName, request: OutgoingRequest): Promise<RequestResult>;
  sleep(delay: number): Promise<void>;
  /** How many messages wait in a queue. */
  waiting(queue: QueueName): number;
  /** The endpoints to which events are matched. */
  routed(): readonly { readonly endpointId: string }[];
}

/** What functions use of the ground, for one invocation: each call of a store, a queue or the bus is an effect of the plant. */
export function servicesOf(plant: Ground, life: Life, skew = 0) {
  const { by } = life;
  const now = () => plant.clock.now + skew;
  const effect = <Result>(
    name: string,
    work: () => Result | Promise<Result>,
    args: readonly unknown[] = [],
  ): Promise<Result> => plant.effect(life, { by, name, args }, work);
  const stores = through(skew === 0 ? plant.stores : memoryStores({ ...plant.tables, now }), effect);

  const send = (queue: QueueName, body: Message | string, groupId: string, delay = 0): Promise<void> =>
    effect(`${queue} queue.send`, () => plant.queues.send(queue, body, delay, groupId), [body]);

  /** Never rejects: what the queue refused is returned. */
  async function sendAll<Sent extends Outgoing<Message>>(
    queue: QueueName,
    messages: readonly Sent[],
  ): Promise<readonly Sent[]> {
    try {
      let tries = 0;
      await effect(
        `${queue} queue.send`,
        () => {
          tries += 1;
          for (const { body, groupId, delay } of messages)
            plant.queues.send(queue, tries === 1 ? body : sentAgain(body), delay, groupId);
        },
        messages,
      );
      return [];
    } catch (error) {
      if (error instanceof Death) throw error;
      return messages;
    }
  }

  const publish = (event: LifecycleEvent): Promise<void> =>
    effect('bus.publish', () => void plant.announced.push(event), [event]);
  const announce = createAnnounce({ publish }, stores.attention);
  const wake: ReleasePorts['wake'] = (delivery, body, delay) => {
    const hasSlot = 'slot' in delivery.state && delivery.state.slot !== undefined;
    const queue = delivery.attempts.length > 0 || hasSlot ? 'retry' : delivery.priority;
    return send(queue, body, delivery.endpointId, delay);
  };
  const dispatching: DispatchPorts = { now, hold: stores.deliveries.store, queue: sendAll };

  return {
    ...{ plant, life, skew, now, effect, stores, send, sendAll, publish, announce, wake, dispatching },
    once: (key: string, handle: () => Promise<Handled>) =>
      plant.handledOnce(`${life.number} ${key}`, now(), handle),
    expired: (delivery: Delivery) => announceExpiry({ publish }, delivery),
    disable: createDisableEndpoint({ attention: stores.attention, config: stores.reader, announce, now }),
    endpoint: (endpointId: string) => stores.reader.load(endpointId, { consistent: true }),
    event: (applicationId: string, eventId: string) =>
      stores.events.get(applicationId, eventId, { consistent: true }),
    drain: ({ applicationId, endpointId }: EndpointReference, step = 0, delay = 0) =>
      send('fan-out', { v: 1, kind: 'drain', applicationId, endpointId, step }, endpointId, delay),
    queueStep: ({ id, applicationId, step }: Task, delay: number) =>
      send('redrive', { v: 1, kind: 'task', taskId: id, step }, applicationId, delay),
    async deadLetter(message: DeadLetterMessage): Promise<void> {
      const { v, kind, ...of } = message;
      await send('dead-letter', message, message.endpointId);
      await publish({ type: 'delivery.dead', ...of });
    },
  };
}

export type Services = ReturnType<typeof servicesOf>;

/** As adapters/sqs/send.ts does it. */
const sentAgain = (body: Message): Message => (body.kind === 'delivery' ? { ...body, first: false } : body);

type Method = (...args: unknown[]) => Promise<unknown>;

/** The same stores, each call of which is an effect: `deliveries.get`, `deliveries.store`, … */
function through(stores: Stores, effect: Services['effect']): Stores {
  // Wrapped when it is used, since an invocation uses few of them.
  return new Proxy(stores, {
    get: (all, noun) =>
      new Proxy(Reflect.get(all, noun) as Readonly<Record<string | symbol, Method>>, {
        get: (store, method) => {
          const name = `${String(noun)}.${String(method)}`;
          return (...args: unknown[]) => effect(name, () => store[method]?.(...args), args);
        },
      }),
  });
}
