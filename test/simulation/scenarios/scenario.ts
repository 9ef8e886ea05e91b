import type { Delivery } from '#core/delivery/delivery.ts';
import type { StatusAction } from '#core/endpoint/endpoint-status.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { GivenRetryConfig } from '#core/retry/retry-policy.ts';
import type { TaskWork } from '#core/task/task.ts';
import { addEndpoint, ask, changeStatusOf, post, postOnce } from '../plant/people.ts';
import { minute, type Plant } from '../plant/plant.ts';
import { answered, type Receiver } from '../plant/receivers.ts';

/** Something that happens, and how it ends. */
export interface Scenario {
  /** Undisturbed. */
  readonly arrange?: (plant: Plant) => Promise<void>;
  /** What may go wrong anywhere; afterwards functions run until all is quiet. */
  readonly act: (plant: Plant) => Promise<unknown>;
  /** What comes undisturbed once all is quiet. */
  readonly next?: (plant: Plant) => Promise<unknown>;
  /** How each delivery ends, in words that the summary has. */
  readonly ends: string;
  /** What its functions must call, and change. */
  readonly through: readonly string[];
  /** Its deliveries are many and alike: what goes wrong with the first of them goes wrong with all. */
  readonly alike?: true;
  /** Nothing was promised when the first post got no answer: then there may be no event at all. */
  readonly mayBeNothing?: true;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

const event = (payload: unknown, options?: object): string =>
  JSON.stringify({ type: 'order.created', payload, options });

/** Posts an event until it is accepted. */
export const order = (plant: Plant, payload: unknown = {}, options?: object) =>
  post(plant, '/api/events', event(payload, options), 'a-key');

/** Posts an event without a key, once. */
export const orderOnce = (plant: Plant, payload: unknown = {}) =>
  postOnce(plant, '/api/events', event(payload));

export const fast = { strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
export const slow = { strategy: 'custom', schedule: [10 * minute, 10 * minute] } as const;
export const breaker = { enabled: true, threshold: 1, timeout: 2 * minute };
export const failing = () => answered(500);
export const again = 'succeeded in generation 2';

export const endpointId = (plant: Plant): string => [...plant.tables.endpoints.keys()][0] ?? '';

export function firstDelivery(plant: Plant): Delivery {
  const [delivery] = plant.tables.deliveries.all();
  if (!delivery) throw new Error('there is no delivery');
  return delivery;
}

export function deliveryOf(plant: Plant): string {
  const { endpointId: to, eventId } = firstDelivery(plant);
  return deliveryId(to, eventId);
}

/** Changes the status of the first endpoint. */
export const change = (plant: Plant, action: StatusAction) =>
  changeStatusOf(plant, endpointId(plant), action);

export const start = (plant: Plant, work: TaskWork) => ask(plant, ({ startTask }) => startTask(work));

/** An event to one endpoint, whose receiver decides how its delivery ends. */
export function outcome(
  ends: string,
  receiver: Receiver,
  {
    retryConfig = fast,
    through = [],
    payload,
  }: { retryConfig?: GivenRetryConfig; through?: readonly string[]; payload?: string } = {},
): Scenario {
  return {
    arrange: async (plant) => {
      addEndpoint(plant, { retryConfig });
      plant.receiver = receiver;
    },
    act: (plant) => order(plant, payload),
    ends,
    through: ['events', 'normal queue', 'request', 'deliveries', 'acknowledge', ...through],
  };
}

/** Makes dead letters of one endpoint, which answers well again afterwards. */
export const dead = (count: number) => async (plant: Plant) => {
  addEndpoint(plant, { retryConfig: { ...fast, maxAttempts: 1 } });
  plant.receiver = failing;
  for (let n = 0; n < count; n += 1) {
    await orderOnce(plant, n);
    await plant.run();
  }
  plant.receiver = () => answered(200);
};

/** Deliveries that a pause holds. */
export const paused = (count: number) => async (plant: Plant) => {
  addEndpoint(plant, { retryConfig: fast });
  await change(plant, 'pause');
  for (let n = 0; n < count; n += 1) {
    await orderOnce(plant, n);
    await plant.receive();
  }
};

/** An event for more than 50 endpoints is fanned out. */
export function addMany(plant: Plant): void {
  for (let n = 0; n < 51; n += 1) addEndpoint(plant);
}
