import type { Delivery } from '#core/delivery/delivery.ts';
import { changeStatus, type StatusAction } from '#core/endpoint/endpoint-status.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { TaskWork } from '#core/task/task.ts';
import { Faults } from './faults.ts';
import { answered, type Plant } from './plant.ts';

export const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

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
  /** Functions whose effects the scenario must have. */
  readonly through: readonly string[];
  /** Its deliveries are many and alike: what goes wrong with the first of them goes wrong with all. */
  readonly alike?: true;
  /** Nobody was promised anything when the first post got no answer: then there may be no event at all. */
  readonly mayBeNothing?: true;
}

const post = (plant: Plant, payload: unknown = {}) =>
  plant.post('/api/events', { type: 'order.created', payload });
const fast = { strategy: 'fixed', baseDelay: 1_000, jitter: false } as const;
export const slow = { strategy: 'custom', schedule: [10 * minute, 10 * minute] } as const;
const breaker = { enabled: true, threshold: 2, timeout: 2 * minute };

const endpointId = (plant: Plant): string => [...plant.tables.endpoints.keys()][0] ?? '';
const firstDelivery = (plant: Plant): Delivery => {
  const [delivery] = plant.tables.deliveries.items.values();
  if (!delivery) throw new Error('there is no delivery');
  return delivery;
};
const change = (plant: Plant, action: StatusAction) =>
  plant.ask(async ({ endpoints, drain }) => {
    const id = endpointId(plant);
    let resumed = false;
    await endpoints.update('default', id, (standing) => {
      const state = changeStatus(standing.state, action, plant.now);
      resumed = standing.state.status === 'paused' && state.status === 'active';
      return state === standing.state ? standing : { ...standing, state };
    });
    if (resumed) await drain({ endpointId: id });
  });
const startTask = (plant: Plant, work: TaskWork) => plant.ask(({ startTask: ask }) => ask('default', work));

/** Something to deliver that ends in a way of its own. */
const outcome = (
  ends: string,
  receiver: Plant['receiver'],
  rest: { retryConfig?: object; through?: readonly string[]; payload?: string; circuitBreaker?: object } = {},
): Scenario => ({
  arrange: async (plant) => {
    const { retryConfig = fast, circuitBreaker } = rest;
    plant.addEndpoint({ retryConfig, ...(circuitBreaker ? { circuitBreaker } : {}) } as object);
    plant.receiver = receiver;
  },
  act: (plant) => post(plant, rest.payload),
  ends,
  through: ['event', 'normal queue', 'request', 'delivery', 'acknowledge', ...(rest.through ?? [])],
});

const failing = () => answered(500);
/** So many dead letters of one endpoint that is well again. */
const dead = (count: number) => async (plant: Plant) => {
  plant.addEndpoint({ retryConfig: { ...fast, maxAttempts: 1 } });
  plant.receiver = failing;
  for (let n = 0; n < count; n += 1) {
    await plant.postOnce('/api/events', { type: 'order.created', payload: n });
    await plant.run();
  }
  plant.receiver = () => answered(200);
};
const again = 'succeeded in generation 2';

/** Deliveries that a pause holds. */
const paused = (count: number) => async (plant: Plant) => {
  plant.addEndpoint({ retryConfig: fast });
  await change(plant, 'pause');
  for (let n = 0; n < count; n += 1) {
    await plant.postOnce('/api/events', { type: 'order.created', payload: n });
    await plant.receive();
  }
};

export const scenarios: Readonly<Record<string, Scenario>> = {
  'an event with a key': {
    ...outcome('succeeded in generation 1', () => answered(200), { through: ['key', 'answer'] }),
  },
  'an event without a key': {
    ...outcome('succeeded in generation 1', () => answered(200)),
    act: (plant) => plant.postOnce('/api/events', { type: 'order.created', payload: {} }),
    mayBeNothing: true,
  },
  'a batch': {
    arrange: async (plant) => void [plant.addEndpoint(), plant.addEndpoint()],
    act: (plant) => {
      const events = [1, 2, 3].map((payload) => ({ type: 'order.created', payload }));
      return plant.post('/api/events/batch', { events });
    },
    ends: 'succeeded in generation 1',
    through: ['key', 'event', 'normal queue'],
  },
  'a wide event': {
    arrange: async (plant) => {
      for (let n = 0; n < 51; n += 1) plant.addEndpoint();
    },
    act: post,
    ends: 'succeeded in generation 1',
    through: ['segments', 'fan-out queue', 'normal queue'],
    alike: true,
  },
  'a delayed event': {
    arrange: async (plant) => void plant.addEndpoint(),
    act: (plant) =>
      plant.post('/api/events', { type: 'order.created', payload: {}, options: { delay: 2 * hour } }),
    ends: 'succeeded in generation 1',
    through: ['delivery', 'normal queue'],
  },
  'a retry from the queue': outcome('succeeded in generation 1', (n) => answered(n < 3 ? 500 : 200), {
    through: ['retry queue', 'visibility'],
  }),
  'a retry that the scheduler releases': outcome(
    'succeeded in generation 1',
    (n) => answered(n < 2 ? 503 : 200),
    { retryConfig: slow, through: ['retry queue'] },
  ),
  'a Retry-After': outcome('succeeded in generation 1', (n) =>
    n < 2 ? answered(429, 10 * minute) : answered(200),
  ),
  'a payload too large for its message': outcome('succeeded in generation 1', () => answered(200), {
    payload: Array.from({ length: 12_000 }, (_, n) => (n * 7_919_317) % 1_000_003).join(),
  }),
  'attempts that are used up': outcome('dead (exhausted) in generation 1', failing, {
    ...{ retryConfig: { ...fast, maxAttempts: 2 }, through: ['dead-letter queue', 'bus'] },
  }),
  'a refusal': outcome('dead (refused) in generation 1', () => answered(404), {
    through: ['dead-letter queue', 'bus'],
  }),
  'a 410': outcome('dead (gone) in generation 1', () => answered(410), {
    through: ['attention', 'endpoint', 'dead-letter queue', 'bus'],
  }),
  'a circuit that opens, is probed and closes': {
    arrange: async (plant) => {
      plant.addEndpoint({ retryConfig: { ...fast, maxAttempts: 50 }, circuitBreaker: breaker });
      plant.receiver = (_, { tables }) => {
        const circuit = tables.endpoints.get(endpointId(plant))?.circuit;
        return answered(circuit?.state === 'open' || circuit?.epoch === 1 ? 200 : 500);
      };
    },
    act: (plant) => post(plant),
    ends: 'succeeded in generation 1',
    // A crash between the probe's success and the closing leaves the circuit half open: the next event closes it.
    next: async (plant) => {
      plant.now += hour;
      await plant.postOnce('/api/events', { type: 'order.created', payload: {} });
    },
    through: ['circuit', 'attention', 'bus', 'fan-out queue', 'retry queue'],
  },
  'a circuit that is closed by hand': {
    arrange: async (plant) => {
      plant.addEndpoint({ retryConfig: slow, circuitBreaker: { ...breaker, threshold: 1, timeout: hour } });
      plant.receiver = (n) => answered(n < 2 ? 500 : 200);
      await post(plant);
      await plant.receive();
    },
    act: (plant) => plant.ask(({ resetCircuit }) => resetCircuit(endpointId(plant))),
    ends: 'succeeded in generation 1',
    through: ['circuit', 'attention', 'bus'],
  },
  'a pause that ends': {
    arrange: paused(15),
    act: (plant) => change(plant, 'resume'),
    ends: 'succeeded in generation 1',
    through: ['endpoint', 'fan-out queue', 'attention', 'delivery', 'normal queue'],
  },
  'a pause that comes while it is delivered': {
    arrange: async (plant) => void plant.addEndpoint(),
    act: async (plant) => {
      await post(plant);
      await change(plant, 'pause');
      for (let n = 0; n < 3; n += 1) await plant.receive();
      await change(plant, 'resume');
    },
    ends: 'succeeded in generation 1',
    through: ['endpoint', 'delivery'],
  },
  'an endpoint that is disabled': {
    arrange: paused(3),
    act: (plant) => change(plant, 'disable'),
    ends: 'cancelled (endpoint_disabled) in generation 1',
    through: ['endpoint', 'attention'],
  },
  'an endpoint that is disabled and enabled': {
    arrange: async (plant) => {
      await paused(3)(plant);
      await change(plant, 'disable');
      await plant.run();
    },
    act: async (plant) => {
      await change(plant, 'enable');
      await post(plant);
      const work = { kind: 'recover', endpointId: endpointId(plant), since: 0, until: plant.now } as const;
      await startTask(plant, work);
    },
    ends: 'succeeded in generation',
    through: ['endpoint', 'task', 'redrive queue', 'normal queue'],
  },
  'an endpoint that is deleted': {
    arrange: paused(3),
    act: (plant) => plant.ask(({ endpoints }) => endpoints.remove('default', endpointId(plant))),
    ends: 'cancelled (endpoint_deleted) in generation 1',
    through: ['endpoint', 'attention'],
  },
  'a hold that takes too long': {
    arrange: async (plant) => {
      await paused(3)(plant);
      plant.now += 15 * day;
    },
    act: async (plant) => {
      // The pause stays, so something else must end the run.
      for (let n = 0; n < 12; n += 1) {
        await plant.tick();
        plant.now += minute;
      }
      await change(plant, 'resume');
    },
    ends: 'cancelled (expired) in generation 1',
    through: ['bus', 'delivery'],
  },
  'a retry by hand': {
    arrange: dead(1),
    act: (plant) => {
      const { endpointId: to, eventId } = firstDelivery(plant);
      return plant.ask(({ retry }) => retry('default', deliveryId(to, eventId)));
    },
    ends: again,
    through: ['delivery', 'retry queue'],
  },
  'a redrive': {
    arrange: dead(5),
    act: (plant) => startTask(plant, { kind: 'redrive' }),
    ends: again,
    through: ['task', 'redrive queue', 'delivery', 'retry queue'],
  },
  'a redrive by the queue’s own move': {
    arrange: dead(3),
    act: async (plant) => plant.queues.move('dead-letter', 'redrive', plant.now),
    ends: again,
    through: ['delivery', 'retry queue', 'acknowledge'],
  },
  'a redrive by both ways at once': {
    arrange: dead(3),
    act: async (plant) => {
      plant.queues.move('dead-letter', 'redrive', plant.now);
      await startTask(plant, { kind: 'redrive' });
    },
    ends: again,
    through: ['task', 'delivery', 'retry queue'],
  },
  'a redrive by both ways that fails again': {
    arrange: async (plant) => {
      await dead(3)(plant);
      plant.receiver = failing;
    },
    act: async (plant) => {
      // The move takes its time: its letters come when what they ask for was done, and in vain.
      plant.queues.move('dead-letter', 'redrive', plant.now + 30 * minute);
      await startTask(plant, { kind: 'redrive' });
    },
    ends: 'dead (exhausted) in generation 2',
    through: ['task', 'delivery', 'retry queue', 'dead-letter queue'],
  },
  'a recovery': {
    arrange: dead(4),
    act: (plant) =>
      startTask(plant, { kind: 'recover', endpointId: endpointId(plant), since: 0, until: plant.now }),
    ends: again,
    through: ['task', 'redrive queue', 'delivery'],
  },
  'a replay by name': {
    arrange: async (plant) => {
      plant.addEndpoint();
      await post(plant);
      await plant.run();
    },
    act: (plant) => {
      const { eventId, endpointId: to } = firstDelivery(plant);
      return startTask(plant, { kind: 'replay', eventId, endpointIds: [to] });
    },
    ends: again,
    through: ['task', 'delivery'],
  },
  'an event that is deleted': {
    arrange: paused(1),
    act: async (plant) => {
      const { eventId } = firstDelivery(plant);
      await plant.ask(({ deleteEvent }) => deleteEvent('default', eventId));
      await change(plant, 'resume');
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['event', 'delivery', 'answer'],
  },
  'an event that is deleted while it is retried': {
    arrange: async (plant) => {
      plant.addEndpoint({ retryConfig: { ...fast, baseDelay: 30_000 } });
      plant.receiver = (n) => answered(n < 2 ? 500 : 200);
      await post(plant);
      await plant.receive();
    },
    act: (plant) => {
      const { eventId } = firstDelivery(plant);
      return plant.ask(({ deleteEvent }) => deleteEvent('default', eventId));
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['event', 'delivery', 'answer', 'acknowledge'],
  },
  'a wide event that is deleted': {
    arrange: async (plant) => {
      for (let n = 0; n < 51; n += 1) plant.addEndpoint();
      await plant.post('/api/events', { type: 'order.created', payload: {}, options: { delay: 2 * hour } });
      await plant.receive();
    },
    act: (plant) => {
      const { eventId } = firstDelivery(plant);
      return plant.ask(({ deleteEvent }) => deleteEvent('default', eventId));
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['event', 'task', 'redrive queue', 'delivery'],
  },
  'a delivery message in quarantine': {
    arrange: async (plant) => {
      plant.addEndpoint();
      await post(plant);
      plant.queues.move('normal', 'quarantine', plant.now);
    },
    act: async () => undefined,
    ends: 'dead (internal) in generation 1',
    through: ['delivery', 'dead-letter queue', 'bus', 'acknowledge'],
  },
  'a 410 whose message is given up': {
    arrange: async (plant) => {
      plant.addEndpoint();
      plant.receiver = () => answered(410);
      await post(plant);
      // The delivery is stored as dead, and nothing else happens.
      plant.faults = new Faults([3, 'dies before']);
      await plant.receive();
      plant.queues.move('normal', 'quarantine', plant.now);
    },
    act: async () => undefined,
    ends: 'dead (gone) in generation 1',
    through: ['attention', 'endpoint', 'dead-letter queue', 'bus', 'acknowledge'],
  },
  'a segment in quarantine': {
    arrange: async (plant) => {
      for (let n = 0; n < 51; n += 1) plant.addEndpoint();
      await post(plant);
      plant.queues.move('fan-out', 'quarantine', plant.now);
    },
    act: async () => undefined,
    ends: 'succeeded in generation 1',
    through: ['fan-out queue', 'normal queue', 'acknowledge'],
    alike: true,
  },
  'a message that is lost': {
    arrange: async (plant) => {
      plant.addEndpoint();
      await post(plant);
      plant.queues.lose('normal');
    },
    act: async () => undefined,
    ends: 'succeeded in generation 1',
    through: ['pass', 'normal queue'],
  },
};
