import { addEndpoint, ask } from '../plant/people.ts';
import { minute } from '../plant/plant.ts';
import {
  again,
  dead,
  deliveryOf,
  endpointId,
  failing,
  firstDelivery,
  order,
  type Scenarios,
  start,
} from './scenario.ts';

/** Deliveries that are started again: retries by hand, redrives, recoveries, replays. */
export const restartScenarios: Scenarios = {
  'a retry by hand': {
    arrange: dead(1),
    act: (plant) => {
      const id = deliveryOf(plant);
      return ask(plant, ({ retry }) => retry(id));
    },
    ends: again,
    through: ['deliveries', 'retry queue'],
  },
  'a redrive': {
    arrange: dead(5),
    act: (plant) => start(plant, { kind: 'redrive' }),
    ends: again,
    through: ['tasks', 'redrive queue', 'deliveries', 'retry queue'],
  },
  'a redrive by the queue’s own move': {
    arrange: dead(3),
    act: async (plant) => plant.queues.move('dead-letter', 'redrive'),
    ends: again,
    through: ['deliveries', 'retry queue', 'acknowledge'],
  },
  'a redrive by both ways at once': {
    arrange: dead(3),
    act: async (plant) => {
      plant.queues.move('dead-letter', 'redrive');
      await start(plant, { kind: 'redrive' });
    },
    ends: again,
    through: ['tasks', 'deliveries', 'retry queue'],
  },
  'a redrive by both ways that fails again': {
    arrange: async (plant) => {
      await dead(3)(plant);
      plant.receiver = failing;
    },
    act: async (plant) => {
      // The move takes its time: its letters come when what they ask for was done, and in vain.
      plant.queues.move('dead-letter', 'redrive', 30 * minute);
      await start(plant, { kind: 'redrive' });
    },
    ends: 'dead (exhausted) in generation 2',
    through: ['tasks', 'deliveries', 'retry queue', 'dead-letter queue'],
  },
  'a recovery': {
    arrange: dead(4),
    act: (plant) =>
      start(plant, { kind: 'recover', endpointId: endpointId(plant), since: 0, until: plant.now }),
    ends: again,
    through: ['tasks', 'redrive queue', 'deliveries'],
  },
  'a replay by name': {
    arrange: async (plant) => {
      addEndpoint(plant);
      await order(plant);
      await plant.run();
    },
    act: (plant) => {
      const { eventId, endpointId: to } = firstDelivery(plant);
      return start(plant, { kind: 'replay', eventId, endpointIds: [to] });
    },
    ends: again,
    through: ['tasks', 'deliveries'],
  },
};
