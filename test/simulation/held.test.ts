import { describe, expect, it } from 'vitest';
import { day, hour, minute, Plant, start } from './plant/plant.ts';
import { change, endpointId, firstDelivery, paused } from './scenarios/scenario.ts';

const statuses = (plant: Plant) => plant.tables.deliveries.all().map(({ state }) => state.status);

/** Deliveries that a pause held and that are to be released. What the resume queued is lost. */
async function resumed(count: number): Promise<Plant> {
  const plant = new Plant();
  await paused(count)(plant);
  await change(plant, 'resume');
  plant.queues.lose('fan-out');
  return plant;
}

describe('deliveries that are held when nothing looks at their endpoint any more', () => {
  it.each([
    ['resumed', 'succeeded'],
    ['deleted', 'cancelled'],
  ])('end within a day though the index was late when the endpoint was %s', async (what, end) => {
    const plant = new Plant();
    plant.tables.index.lag = () => 20 * minute;
    await paused(3)(plant);
    if (what === 'resumed') await change(plant, 'resume');
    else await plant.stores.endpoints.remove('default', endpointId(plant));
    await plant.run(start + 10 * minute);
    expect(plant.tables.watched.size).toBe(0);
    expect(statuses(plant)).toEqual(['held', 'held', 'held']);
    await plant.run();
    expect(statuses(plant)).toEqual([end, end, end]);
    expect(plant.now - start).toBeLessThan(day + 2 * hour);
  });

  it('are due at once when the wake-up of one was refused meanwhile', async () => {
    const plant = await resumed(1);
    await plant.wait(6 * minute);
    plant.atOnce = 2;
    // The release of the drain takes so long that the scheduler looks before it fails.
    let refusals = 0;
    plant.callTime = ({ by, name }) => (by === 'fan-out' && name === 'normal queue.send' ? 2 * minute : 0);
    plant.faults = ({ by, name }) => {
      if (by !== 'fan-out' || name !== 'normal queue.send') return undefined;
      refusals += 1;
      return 'is refused';
    };
    await plant.run(plant.now + 20 * minute);
    expect(refusals).toBe(1);
    expect(firstDelivery(plant).state.status).toBe('succeeded');
  });
});
