import { expect, it } from 'vitest';
import { Death } from './plant/faults.ts';
import { accept, addEndpoint } from './plant/people.ts';
import { day, minute, Plant } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';
import { firstDelivery, start } from './scenarios/scenario.ts';

const once = { maxAttempts: 1, baseDelay: 1_000, jitter: false } as const;

/** A plant with one delivery that is dead after one request, unless something goes wrong. */
async function withDead(faults?: Plant['faults']): Promise<Plant> {
  const plant = new Plant();
  // No two things happen at once by accident.
  plant.callTime = () => 1;
  accept(plant, [addEndpoint(plant, { retryConfig: once })]);
  plant.receiver = () => answered(500);
  if (faults) plant.faults = faults;
  await plant.receive();
  return plant;
}

const deaths = ({ announced }: Plant) =>
  announced.flatMap((event) => (event.type === 'delivery.dead' ? event.generation : []));

it('a death is announced although its delivery was restarted before its letter was sent', async () => {
  let crashes = 1;
  const plant = await withDead(({ name }) =>
    name === 'dead-letter queue.send' && crashes-- > 0 ? 'dies before' : undefined,
  );
  expect(firstDelivery(plant)).toMatchObject({ generation: 1, state: { status: 'dead' } });
  plant.receiver = () => answered(200);
  await start(plant, { kind: 'redrive' });
  await plant.run();
  expect(firstDelivery(plant)).toMatchObject({ generation: 2, state: { status: 'succeeded' } });
  expect(deaths(plant)).toEqual([1]);
  expect(plant.queues.bodies('dead-letter')).toMatchObject([{ generation: 1, reason: 'exhausted' }]);
});

it('a redrive that crashed between state and message is woken within a few minutes', async () => {
  const plant = await withDead();
  await plant.run();
  plant.receiver = () => answered(200);
  let crashes = 1;
  plant.faults = ({ by, name }) =>
    by === 'tasks' && name.endsWith('queue.send') && crashes-- > 0 ? 'dies before' : undefined;
  await start(plant, { kind: 'redrive' });
  const askedAt = plant.now;
  await plant.run();
  expect(plant.errors.some((error) => error instanceof Death)).toBe(true);
  expect(firstDelivery(plant)).toMatchObject({ generation: 2, state: { status: 'succeeded' } });
  expect((plant.requests[1]?.at ?? 0) - askedAt).toBeLessThan(4 * minute);
});

it('a task whose clock is ahead restarts a delivery once, however often its step is repeated', async () => {
  const plant = await withDead();
  await plant.run();
  // The request for the task has a clock that is a minute ahead of those that attempt the delivery.
  plant.skew = () => minute;
  await start(plant, { kind: 'redrive' });
  plant.skew = () => 0;
  let crashes = 3;
  // The delivery is restarted and dies again before the task has stored that its step is done.
  plant.faults = ({ by, name }) =>
    by === 'tasks' && name === 'tasks.store' && crashes-- > 0 ? 'dies before' : undefined;
  await plant.run();
  expect(crashes).toBeLessThanOrEqual(0);
  expect(firstDelivery(plant)).toMatchObject({ generation: 2, state: { status: 'dead' } });
  expect(plant.requests).toHaveLength(2);
});

it('a delivery that is redriven late has its event until it ends', async () => {
  const plant = new Plant();
  accept(plant, [addEndpoint(plant, { retryConfig: 'standard' })]);
  // Which says nothing of the endpoint, so that it is not disabled for it.
  plant.receiver = () => answered(429);
  await plant.run();
  // An event lives for three weeks and the retention of thirty days: not as long as three generations, each redriven late.
  for (let generation = 2; generation <= 4; generation += 1) {
    await plant.wait(29 * day);
    await start(plant, { kind: 'redrive' });
    await plant.run();
    expect(firstDelivery(plant)).toMatchObject({ generation, state: { reason: 'exhausted' } });
  }
  expect(plant.requests).toHaveLength(40);
});
