import { addEndpoint, post } from '../plant/people.ts';
import { hour, minute } from '../plant/plant.ts';
import { answered } from '../plant/receivers.ts';
import { addMany, failing, fast, order, orderOnce, outcome, type Scenarios, slow } from './scenario.ts';

/** How deliveries end that nothing but their receiver interferes with. */
export const deliveryScenarios: Scenarios = {
  'an event with a key': {
    ...outcome('succeeded in generation 1', () => answered(200), { through: ['keys', 'answer'] }),
  },
  'an event without a key': {
    ...outcome('succeeded in generation 1', () => answered(200)),
    act: (plant) => orderOnce(plant),
    mayBeNothing: true,
  },
  'a batch': {
    arrange: async (plant) => void [addEndpoint(plant), addEndpoint(plant)],
    act: (plant) => {
      const events = [1, 2, 3].map((payload) => ({ type: 'order.created', payload }));
      return post(plant, '/api/events/batch', JSON.stringify({ events }), 'a-key');
    },
    ends: 'succeeded in generation 1',
    through: ['keys', 'events', 'normal queue'],
  },
  'a wide event': {
    arrange: async (plant) => addMany(plant),
    act: (plant) => order(plant),
    ends: 'succeeded in generation 1',
    through: ['events', 'fan-out queue', 'normal queue'],
    alike: true,
  },
  'a delayed event': {
    arrange: async (plant) => void addEndpoint(plant),
    act: (plant) => order(plant, {}, { delay: 2 * hour }),
    ends: 'succeeded in generation 1',
    through: ['deliveries', 'normal queue'],
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
    through: ['attention', 'reader', 'dead-letter queue', 'bus'],
  }),
};
