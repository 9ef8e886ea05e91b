import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSettled } from '#core/delivery/delivery.ts';
import { deliveryId } from '#core/id/ids.ts';
import { type FaultKind, Faults, faultKinds } from './plant/faults.ts';
import { answered, Plant } from './plant/plant.ts';
import { minute, type Scenario, scenarios, slow } from './plant/scenarios.ts';

// Each scenario runs once undisturbed, which counts the effects of all functions: writes, messages, requests,
// announcements, acknowledgements, answers. Then it runs again for each of them and for each way in which it can go
// wrong, and has to end as it did undisturbed.

interface Ended {
  readonly plant: Plant;
  readonly effects: readonly string[];
}

async function run(scenario: Scenario, faults: Faults, repeat = false): Promise<Ended> {
  const plant = new Plant();
  await scenario.arrange?.(plant);
  plant.faults = faults;
  await scenario.act(plant);
  if (repeat) plant.queues.repeatAll();
  await plant.run();
  const { effects } = faults;
  if (scenario.next) {
    plant.faults = new Faults();
    await scenario.next(plant);
    await plant.run();
  }
  return { plant, effects };
}

/** Each delivery ends once; only a late success may follow another end of the same generation. */
function expectOneEnd({ tables }: Plant): void {
  const ends = Map.groupBy(
    tables.deliveries.history.filter(({ state }) => isSettled(state)),
    ({ endpointId: to, eventId, generation }) => `${deliveryId(to, eventId)} ${generation}`,
  );
  for (const [which, settled] of ends) {
    const statuses = settled.map(({ state }) => state.status);
    expect(statuses.length === 1 || (statuses.length === 2 && statuses[1] === 'succeeded'), which).toBe(true);
  }
}

/** How many different ones: a message may be sent twice. */
const letters = ({ queues }: Plant) =>
  new Set(
    queues
      .bodies('dead-letter')
      .flatMap((body) =>
        body.kind === 'dead-letter' ? `${body.endpointId} ${body.eventId} ${body.generation}` : [],
      ),
  ).size;

const alikeEnough = 8;

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  it('ends as it should', async () => {
    const { plant, effects } = await run(scenario, new Faults());
    const deliveries = plant.summary().filter((line) => line.startsWith('event'));
    expect(deliveries.length).toBeGreaterThan(0);
    for (const line of deliveries) expect(line).toContain(scenario.ends);
    expect([...new Set(effects)]).toEqual(expect.arrayContaining([...scenario.through]));
    expectOneEnd(plant);
  });

  it.each(faultKinds)('ends the same when any one effect %s', async (kind: FaultKind) => {
    const calm = await run(scenario, new Faults());
    const last = scenario.alike ? calm.effects.indexOf('request') + alikeEnough : calm.effects.length;
    for (let at = 1; at <= last; at += 1) {
      const { plant, effects } = await run(scenario, new Faults([at, kind]));
      const where = `effect ${at}, ${effects[at - 1]}, ${kind}`;
      const nothing = scenario.mayBeNothing && plant.tables.events.size === 0;
      if (!nothing) expect(plant.summary(), where).toEqual(calm.plant.summary());
      expectOneEnd(plant);
      expect(letters(plant), where).toBe(letters(calm.plant));
    }
  });

  it('ends the same when several effects go wrong', async () => {
    const calm = await run(scenario, new Faults());
    const at = fc.integer({ min: 1, max: Math.min(calm.effects.length + 20, 120) });
    const faults = fc.array(fc.tuple(at, fc.constantFrom(...faultKinds)), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(faults, async (several) => {
        const { plant } = await run(scenario, new Faults(...several));
        const nothing = scenario.mayBeNothing && plant.tables.events.size === 0;
        if (!nothing) expect(plant.summary()).toEqual(calm.plant.summary());
        expectOneEnd(plant);
      }),
      { numRuns: 40 },
    );
  });

  it('ends the same when the queues repeat their messages', async () => {
    const calm = await run(scenario, new Faults());
    const { plant } = await run(scenario, new Faults(), true);
    expect(plant.summary()).toEqual(calm.plant.summary());
    expectOneEnd(plant);
  });
});

describe('two passes of the scheduler at once', () => {
  it('release each delivery once', async () => {
    const plant = new Plant();
    plant.addEndpoint({ retryConfig: slow });
    plant.receiver = (n) => answered(n < 2 ? 500 : 200);
    for (let n = 0; n < 30; n += 1) {
      await plant.postOnce('/api/events', { type: 'order.created', payload: n });
      await plant.receive();
    }
    expect(plant.requests).toHaveLength(30);
    plant.now += 10 * minute;
    await Promise.all([plant.tick(), plant.tick()]);
    expect(plant.queues.of('retry')).toHaveLength(30);
    await plant.run();
    expect(plant.requests).toHaveLength(60);
    expectOneEnd(plant);
  });
});
