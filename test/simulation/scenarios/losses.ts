import { NumberedFaults } from '../plant/faults.ts';
import { addEndpoint, ask } from '../plant/people.ts';
import { hour } from '../plant/plant.ts';
import { answered } from '../plant/receivers.ts';
import { addMany, change, fast, firstDelivery, order, paused, type Scenarios } from './scenario.ts';

/** Events that are deleted, and messages that are given up or lost. */
export const lossScenarios: Scenarios = {
  'an event that is deleted': {
    arrange: paused(1),
    act: async (plant) => {
      const { eventId } = firstDelivery(plant);
      await ask(plant, ({ deleteEvent }) => deleteEvent(eventId));
      await change(plant, 'resume');
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['events', 'deliveries', 'answer'],
  },
  'an event that is deleted while it is retried': {
    arrange: async (plant) => {
      addEndpoint(plant, { retryConfig: { ...fast, baseDelay: 30_000 } });
      plant.receiver = (n) => answered(n < 2 ? 500 : 200);
      await order(plant);
      await plant.receive();
    },
    act: (plant) => {
      const { eventId } = firstDelivery(plant);
      return ask(plant, ({ deleteEvent }) => deleteEvent(eventId));
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['events', 'deliveries', 'answer', 'acknowledge'],
  },
  'a wide event that is deleted': {
    arrange: async (plant) => {
      addMany(plant);
      await order(plant, {}, { delay: 2 * hour });
      await plant.receive();
    },
    act: (plant) => {
      const { eventId } = firstDelivery(plant);
      return ask(plant, ({ deleteEvent }) => deleteEvent(eventId));
    },
    ends: 'cancelled (event_deleted) in generation 1',
    through: ['events', 'tasks', 'redrive queue', 'deliveries'],
  },
  'a delivery message in quarantine': {
    arrange: async (plant) => {
      addEndpoint(plant);
      await order(plant);
      plant.queues.move('normal', 'quarantine');
    },
    act: async () => undefined,
    ends: 'succeeded in generation 1',
    through: ['deliveries', 'normal queue', 'request', 'acknowledge'],
  },
  'a delivery message in quarantine for the fourth time': {
    arrange: async (plant) => {
      addEndpoint(plant);
      plant.receiver = (n) => answered(n < 2 ? 500 : 200);
      await order(plant);
      await plant.receive();
      const failed = firstDelivery(plant);
      await plant.stores.deliveries.store({ ...failed, revision: failed.revision + 1, quarantines: 3 });
      plant.queues.move('retry', 'quarantine');
    },
    act: async () => undefined,
    ends: 'dead (internal) in generation 1',
    through: ['deliveries', 'dead-letter queue', 'bus', 'acknowledge'],
  },
  'a 410 whose message is given up': {
    arrange: async (plant) => {
      addEndpoint(plant);
      plant.receiver = () => answered(410);
      await order(plant);
      // The delivery is stored as dead, and nothing else happens.
      plant.faults = new NumberedFaults([3, 'dies before']).plan;
      await plant.receive();
      plant.queues.move('normal', 'quarantine');
    },
    act: async () => undefined,
    ends: 'dead (gone) in generation 1',
    through: ['attention', 'reader', 'dead-letter queue', 'bus', 'acknowledge'],
  },
  'a segment in quarantine': {
    arrange: async (plant) => {
      addMany(plant);
      await order(plant);
      plant.queues.move('fan-out', 'quarantine');
    },
    act: async () => undefined,
    ends: 'succeeded in generation 1',
    through: ['fan-out queue', 'normal queue', 'acknowledge'],
    alike: true,
  },
  'a message that is lost': {
    arrange: async (plant) => {
      addEndpoint(plant);
      await order(plant);
      plant.queues.lose('normal');
    },
    act: async () => undefined,
    ends: 'succeeded in generation 1',
    through: ['sweeps', 'normal queue'],
  },
};
