import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { Call, Fault } from './plant/faults.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { hour, Plant, start } from './plant/plant.ts';
import { summaryOf } from './plant/summary.ts';

const events = 10;

/** Some events to one healthy endpoint, which are accepted when trouble of our own begins. */
function plantUnder(trouble: (call: Call) => Fault | undefined): Plant {
  const plant = new Plant();
  const endpointId = addEndpoint(plant);
  for (let n = 0; n < events; n += 1) accept(plant, [endpointId]);
  plant.faults = trouble;
  return plant;
}

const statuses = (plant: Plant) => plant.tables.deliveries.all().map(({ state }) => state.status);

describe('trouble of our own that lasts for hours', () => {
  const lasting = (hours: number, isMet: (call: Call) => boolean, fault: Fault) => {
    const plant: Plant = plantUnder((call) =>
      plant.now < start + hours * hour && isMet(call) ? fault : undefined,
    );
    return plant;
  };
  const ofDeliver = ({ by }: Call) => by === 'deliver';

  it.each<[string, () => Plant]>([
    ['functions that are throttled for eight hours', () => lasting(8, ofDeliver, 'dies before')],
    ['functions whose tables fail for nine hours', () => lasting(9, ofDeliver, 'is refused')],
    ['tables and queues that fail for a day', () => lasting(24, () => true, 'is refused')],
    [
      'a table that takes no outcome for eight hours',
      () => lasting(8, ({ by, name }) => by === 'deliver' && name === 'deliveries.store', 'is refused'),
    ],
  ])('delays deliveries and kills none: %s', async (_, arrange) => {
    const plant = arrange();
    await plant.run();
    expect(statuses(plant)).toEqual(Array(events).fill('succeeded'));
    expect(plant.queues.of('dead-letter')).toHaveLength(0);
  });
});

describe('a message that crashes its function', () => {
  it('ends as a dead letter within a day, and keeps no other from its receiver', async () => {
    const plant = plantUnder(() => undefined);
    const [first] = plant.tables.events.keys();
    plant.faults = ({ by, name, args }) => {
      const isMet =
        by === 'deliver' && name === 'deliveries.store' && (args[0] as Delivery).eventId === first;
      return isMet ? 'dies before' : undefined;
    };
    await plant.run(start + 24 * hour);
    expect(summaryOf(plant).filter((line) => line.includes('dead (internal)'))).toHaveLength(1);
    expect(statuses(plant).filter((status) => status === 'succeeded')).toHaveLength(events - 1);
  });
});
