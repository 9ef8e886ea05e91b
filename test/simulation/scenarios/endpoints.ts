import { addEndpoint, ask } from '../plant/people.ts';
import { day, hour, minute } from '../plant/plant.ts';
import { answered } from '../plant/receivers.ts';
import {
  breaker,
  change,
  endpointId,
  fast,
  order,
  orderOnce,
  paused,
  type Scenarios,
  slow,
  start,
} from './scenario.ts';

/** What becomes of deliveries when their endpoint's circuit or status changes. */
export const endpointScenarios: Scenarios = {
  'a circuit that opens, is probed and closes': {
    arrange: async (plant) => {
      addEndpoint(plant, { retryConfig: { ...fast, maxAttempts: 50 }, circuitBreaker: breaker });
      plant.receiver = () => {
        const { circuit } = plant.tables.endpoints.get(endpointId(plant))?.record ?? {};
        return answered(circuit?.state === 'open' || circuit?.epoch === 1 ? 200 : 500);
      };
    },
    act: (plant) => order(plant),
    ends: 'succeeded in generation 1',
    // A crash between the probe's success and the closing leaves the circuit half open: the next event closes it.
    next: async (plant) => {
      await plant.wait(hour);
      await orderOnce(plant);
    },
    through: ['circuits', 'attention', 'bus', 'fan-out queue', 'retry queue'],
  },
  'a circuit that is closed by hand': {
    arrange: async (plant) => {
      addEndpoint(plant, { retryConfig: slow, circuitBreaker: { ...breaker, timeout: hour } });
      plant.receiver = (n) => answered(n < 2 ? 500 : 200);
      await order(plant);
      await plant.receive();
    },
    act: (plant) => ask(plant, ({ resetCircuit }) => resetCircuit(endpointId(plant))),
    ends: 'succeeded in generation 1',
    through: ['circuits', 'attention', 'bus'],
  },
  'a pause that ends': {
    arrange: paused(15),
    act: (plant) => change(plant, 'resume'),
    ends: 'succeeded in generation 1',
    through: ['endpoints', 'fan-out queue', 'attention', 'deliveries', 'normal queue'],
  },
  'a pause that comes while it is delivered': {
    arrange: async (plant) => void addEndpoint(plant),
    act: async (plant) => {
      await order(plant);
      await change(plant, 'pause');
      for (let n = 0; n < 3; n += 1) await plant.receive();
      await change(plant, 'resume');
    },
    ends: 'succeeded in generation 1',
    through: ['endpoints', 'deliveries'],
  },
  'an endpoint that is disabled': {
    arrange: paused(3),
    act: (plant) => change(plant, 'disable'),
    ends: 'cancelled (endpoint_disabled) in generation 1',
    through: ['endpoints', 'attention'],
  },
  'an endpoint that is disabled and enabled': {
    arrange: async (plant) => {
      await paused(3)(plant);
      await change(plant, 'disable');
      await plant.run();
    },
    act: async (plant) => {
      await change(plant, 'enable');
      await order(plant);
      const work = { kind: 'recover', endpointId: endpointId(plant), since: 0, until: plant.now } as const;
      await start(plant, work);
    },
    ends: 'succeeded in generation',
    through: ['endpoints', 'tasks', 'redrive queue', 'normal queue'],
  },
  'an endpoint that is deleted': {
    arrange: paused(3),
    act: (plant) => ask(plant, ({ endpoints }) => endpoints.remove('default', endpointId(plant))),
    ends: 'cancelled (endpoint_deleted) in generation 1',
    through: ['endpoints', 'attention'],
  },
  'a hold that takes too long': {
    arrange: async (plant) => {
      await paused(3)(plant);
      await plant.wait(15 * day);
    },
    act: async (plant) => {
      // The pause stays, so something else must end the run.
      for (let n = 0; n < 12; n += 1) {
        await plant.tick();
        await plant.wait(minute);
      }
      await change(plant, 'resume');
    },
    ends: 'cancelled (expired) in generation 1',
    through: ['bus', 'deliveries'],
  },
};
