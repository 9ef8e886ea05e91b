import { isSettled } from '#core/delivery/delivery.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import { addEndpoint, changeStatusOf } from '../plant/people.ts';
import { day, Plant, start } from '../plant/plant.ts';
import { answered, type Receiver } from '../plant/receivers.ts';
import { hasUnstored } from '../plant/state.ts';
import { answerOf } from './behaviour.ts';
import { Dice } from './dice.ts';
import { describeState } from './invariants/ends.ts';
import { invariants } from './invariants/invariants.ts';
import { Observer } from './observer.ts';
import { perform, postPlanned } from './people.ts';
import { drawStory, type Story } from './story.ts';
import { Weather } from './weather.ts';
import { keyOf, type World } from './world.ts';

// Far more than anything takes once it is calm.
const longestCalm = 3 * day;
// The first one is the cause, and the others mostly follow from it.
const mostViolations = 10;

/** What came of one seed. */
export interface Life {
  readonly story: Story;
  readonly plant: Plant;
  /** What happened that must not; empty if all is well. */
  readonly violations: readonly string[];
}

/** Called before anything happens, for example to trace it. */
export type Prepare = (plant: Plant) => void;

/** Lives one life: the seed decides everything, so that the same seed gives the same life. */
export async function simulate(seed: number, prepare: Prepare = () => undefined): Promise<Life> {
  const story = drawStory(seed);
  const plant = new Plant(start, story.retentionDays);
  const dice = new Dice(seed ^ 0x5bd1e995);
  const endpointIds = story.endpoints.map(({ given }) => addEndpoint(plant, given));
  const violations: string[] = [];
  const accepted = new Map<string, number>();
  const tasks = new Set<string>();
  const world: World = {
    ...{ plant, story, accepted, tasks },
    violated: (what) => {
      if (violations.length < mostViolations) violations.push(`${timeIn(plant)} ${what}`);
    },
  };
  prepare(plant);
  const weather = new Weather(plant, story.weather, dice, story.calmAt);
  const receiver = receiverOf(story, plant, dice, endpointIds);
  const observer = new Observer(
    plant,
    weather.past,
    Object.entries(invariants).map(([name, make]) =>
      make({ ...world, violated: (what) => world.violated(`${name}: ${what}`) }),
    ),
    receiver,
  );
  scheduleAll(world, endpointIds, { accepted, tasks });
  try {
    await plant.run(start + story.calmAt + longestCalm);
    observer.end();
    if (!plant.isQuiet()) reportUnrest(world);
  } catch (error) {
    world.violated(String(error));
    reportUnrest(world);
  }
  return { story, plant, violations };
}

function receiverOf(story: Story, plant: Plant, dice: Dice, endpointIds: readonly string[]): Receiver {
  const byId = new Map(endpointIds.map((id, index) => [id, story.endpoints[index]?.behaviour]));
  return (_, { eventId, deliveryId }) => {
    const at = plant.now - start;
    const behaviour = byId.get(parseDeliveryId(deliveryId)?.endpointId ?? '');
    return behaviour && at < story.calmAt ? answerOf(behaviour, dice, at, eventId) : answered(200);
  };
}

function scheduleAll(
  { plant, story, violated }: World,
  endpointIds: readonly string[],
  { accepted, tasks }: { readonly accepted: Map<string, number>; readonly tasks: Set<string> },
): void {
  const at = (time: number, what: string, work: () => Promise<void>) =>
    void plant.clock.after(time, () => void work().catch((error) => violated(`${what} failed: ${error}`)));
  for (const [number, planned] of story.posts.entries()) {
    at(planned.at, 'a post', async () => {
      for (const id of await postPlanned(plant, planned, number)) accepted.set(id, plant.now);
    });
  }
  for (const act of story.acts) {
    at(act.at, act.kind, async () => {
      const task = await perform(plant, act, endpointIds);
      if (task !== undefined) tasks.add(task);
    });
  }
  for (const id of endpointIds) {
    at(story.calmAt + 1, 'the last resume', async () => {
      const { status } = plant.tables.endpoints.get(id)?.record.state ?? {};
      if (status === 'paused') await changeStatusOf(plant, id, 'resume');
    });
  }
}

function reportUnrest({ plant, violated }: World): void {
  const { tables, queues } = plant;
  for (const delivery of tables.deliveries.all())
    if (!isSettled(delivery.state)) violated(`${keyOf(delivery)} is not settled: ${describeState(delivery)}`);
  if (hasUnstored(tables)) violated('an accepted delivery has no item');
  if (!queues.isEmpty()) violated('the queues are not empty');
  if (tables.watched.size > 0) violated(`${tables.watched.size} endpoints are watched`);
}

/** The time since the start, as a trace shows it. */
export function timeIn({ now }: Plant): string {
  const passed = new Date(now - start);
  const days = Math.floor((now - start) / day);
  return `${days > 0 ? `${days}d ` : ''}${passed.toISOString().slice(11, 23)}`;
}
