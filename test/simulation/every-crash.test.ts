import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSettled } from '#core/delivery/delivery.ts';
import { deliveryId } from '#core/id/ids.ts';
import { type Fault, faultKinds, NumberedFaults } from './plant/faults.ts';
import { addEndpoint } from './plant/people.ts';
import { minute, Plant } from './plant/plant.ts';
import { answered } from './plant/receivers.ts';
import { summaryOf } from './plant/summary.ts';
import { deliveryScenarios } from './scenarios/deliveries.ts';
import { endpointScenarios } from './scenarios/endpoints.ts';
import { lossScenarios } from './scenarios/losses.ts';
import { restartScenarios } from './scenarios/restarts.ts';
import { orderOnce, type Scenario, slow } from './scenarios/scenario.ts';

// Each scenario runs once undisturbed, which counts the effects of all functions: writes, messages, requests,
// announcements, acknowledgements, answers. Then it runs again for each of them and for each way in which it can go
// wrong, and has to end as it did undisturbed.

interface Ended {
  readonly plant: Plant;
  readonly effects: readonly string[];
}

async function run(scenario: Scenario, faults: NumberedFaults, repeat = false): Promise<Ended> {
  const plant = new Plant();
  // A call takes some time, so that no two things happen at once by accident.
  plant.callTime = () => 1;
  await scenario.arrange?.(plant);
  plant.faults = faults.plan;
  await scenario.act(plant);
  if (repeat) plant.queues.repeatAll();
  await plant.run();
  const { effects } = faults;
  if (scenario.next) {
    plant.faults = () => undefined;
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

const scenarios = { ...deliveryScenarios, ...endpointScenarios, ...restartScenarios, ...lossScenarios };

describe.each(Object.entries<Scenario>(scenarios))('%s', (_, scenario) => {
  it('ends as it should', async () => {
    const { plant, effects } = await run(scenario, new NumberedFaults());
    const deliveries = summaryOf(plant).filter((line) => line.startsWith('event'));
    expect(deliveries.length).toBeGreaterThan(0);
    for (const line of deliveries) expect(line).toContain(scenario.ends);
    expect([...new Set(effects)]).toEqual(expect.arrayContaining([...scenario.through]));
    expectOneEnd(plant);
  });

  it.each(faultKinds)('ends the same when any one effect %s', async (kind: Fault) => {
    const calm = await run(scenario, new NumberedFaults());
    const last = scenario.alike ? calm.effects.indexOf('request') + alikeEnough : calm.effects.length;
    for (let at = 1; at <= last; at += 1) {
      const { plant, effects } = await run(scenario, new NumberedFaults([at, kind]));
      const where = `effect ${at}, ${effects[at - 1]}, ${kind}`;
      const nothing = scenario.mayBeNothing && plant.tables.events.size === 0;
      if (!nothing) expect(summaryOf(plant), where).toEqual(summaryOf(calm.plant));
      expectOneEnd(plant);
      expect(letters(plant), where).toBe(letters(calm.plant));
    }
  });

  it('ends the same when several effects go wrong', async () => {
    const calm = await run(scenario, new NumberedFaults());
    const at = fc.integer({ min: 1, max: Math.min(calm.effects.length + 20, 120) });
    const faults = fc.array(fc.tuple(at, fc.constantFrom(...faultKinds)), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(faults, async (several) => {
        const { plant } = await run(scenario, new NumberedFaults(...several));
        const nothing = scenario.mayBeNothing && plant.tables.events.size === 0;
        if (!nothing) expect(summaryOf(plant)).toEqual(summaryOf(calm.plant));
        expectOneEnd(plant);
      }),
      { numRuns: 40 },
    );
  });

  it('ends the same when the queues repeat their messages', async () => {
    const calm = await run(scenario, new NumberedFaults());
    const { plant } = await run(scenario, new NumberedFaults(), true);
    expect(summaryOf(plant)).toEqual(summaryOf(calm.plant));
    expectOneEnd(plant);
  });
});

describe('two passes of the scheduler at once', () => {
  it('release each delivery once', async () => {
    const plant = new Plant();
    addEndpoint(plant, { retryConfig: slow });
    plant.receiver = (n) => answered(n < 2 ? 500 : 200);
    for (let n = 0; n < 30; n += 1) {
      await orderOnce(plant, n);
      await plant.receive();
    }
    expect(plant.requests).toHaveLength(30);
    await plant.wait(10 * minute);
    await plant.during(() => Promise.all([plant.scheduler(), plant.scheduler()]));
    expect(plant.queues.of('retry')).toHaveLength(30);
    await plant.run();
    expect(plant.requests).toHaveLength(60);
    expectOneEnd(plant);
  });
});
