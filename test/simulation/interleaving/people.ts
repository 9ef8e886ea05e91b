import type { StatusAction } from '#core/endpoint/endpoint-status.ts';
import { deliveryId } from '#core/id/ids.ts';
import { Problem } from '#core/problem/problem.ts';
import type { TaskWork } from '#core/task/task.ts';
import { ask, changeStatusOf, GaveUp, post, postOnce } from '../plant/people.ts';
import { minute, type Plant, second } from '../plant/plant.ts';
import { type Act, statusActions } from './acts.ts';
import type { PlannedPost } from './story.ts';

// More than a message carries, and what does not compress.
const largePayload = Array.from({ length: 12_000 }, (_, n) => (n * 7_919_317) % 1_000_003).join();

/**
 * Posts events until they are accepted or the client gives up.
 *
 * @returns the ids of the events that were accepted
 */
export async function postPlanned(plant: Plant, planned: PlannedPost, number: number): Promise<string[]> {
  const options = planned.delay > 0 ? { delay: planned.delay } : undefined;
  const payload = planned.isLarge ? largePayload : { number };
  const events = Array.from({ length: planned.events }, () => ({ type: 'order.created', payload, options }));
  const isBatch = events.length > 1;
  const path = isBatch ? '/api/events/batch' : '/api/events';
  const text = JSON.stringify(isBatch ? { events } : events[0]);
  const answer = planned.hasKey
    ? await orGivenUp(post(plant, path, text, `key-${number}`))
    : await postOnce(plant, path, text);
  return answer?.statusCode === 202 ? acceptedIn(String(answer.body)) : [];
}

interface EventAnswer {
  readonly success: boolean;
  readonly eventId?: string;
}

function acceptedIn(body: string): string[] {
  const answer: EventAnswer & { readonly results?: readonly EventAnswer[] } = JSON.parse(body);
  return (answer.results ?? [answer]).flatMap(({ success, eventId }) => (success ? (eventId ?? []) : []));
}

/** What the API answered, undefined when it refused or the person gave up. */
async function orGivenUp<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GaveUp || (error instanceof Problem && error.status < 500)) return undefined;
    throw error;
  }
}

/**
 * Does what an operator does.
 *
 * @returns the id of the task that it started, if any
 */
export async function perform(
  plant: Plant,
  { kind, ...which }: Act,
  endpointIds: readonly string[],
): Promise<string | undefined> {
  const endpointId = endpointIds[which.endpoint] ?? '';
  const eventId = [...plant.tables.events.keys()][which.event] ?? '';
  const exists = plant.tables.endpoints.has(endpointId);
  if (statusActions.has(kind)) {
    await orGivenUp(changeStatusOf(plant, endpointId, kind as StatusAction));
    return undefined;
  }
  switch (kind) {
    case 'edit':
      await orGivenUp(edit(plant, endpointId));
      return undefined;
    case 'reset':
      if (exists) await orGivenUp(ask(plant, ({ resetCircuit }) => resetCircuit(endpointId)));
      return undefined;
    case 'remove':
      await orGivenUp(ask(plant, ({ endpoints }) => endpoints.remove('default', endpointId)));
      return undefined;
    case 'retry':
      await orGivenUp(ask(plant, ({ retry }) => retry(deliveryId(endpointId, eventId))));
      return undefined;
    case 'delete-event':
      await orGivenUp(ask(plant, ({ deleteEvent }) => deleteEvent(eventId)));
      return undefined;
    case 'move-letters':
      plant.queues.move('dead-letter', 'redrive');
      return undefined;
    case 'redrive':
      return startTask(plant, which.event % 2 === 0 ? { kind } : { kind, endpointId });
    case 'recover':
      return startTask(plant, { kind, endpointId, since: 0, until: plant.now });
    case 'replay':
      return startTask(plant, {
        kind,
        eventId,
        ...(which.endpoint === 0 ? { endpointIds: [endpointId] } : {}),
      });
    default:
      throw new Error(`no operator does "${kind}"`);
  }
}

async function startTask(plant: Plant, work: TaskWork): Promise<string | undefined> {
  const answer = await orGivenUp(ask(plant, (api) => api.startTask(work)));
  if (answer?.statusCode !== 202) return undefined;
  const { taskId }: { readonly taskId: string } = JSON.parse(String(answer.body));
  return taskId;
}

/** An edit that changes how deliver treats the endpoint. */
const edit = (plant: Plant, endpointId: string) =>
  ask(plant, ({ endpoints, now }) =>
    endpoints.update('default', endpointId, (record) => {
      const { circuitBreaker, rateLimit, ...endpoint } = record.endpoint;
      const { enabled } = circuitBreaker;
      return {
        ...record,
        endpoint: {
          ...endpoint,
          circuitBreaker: { ...circuitBreaker, enabled: !enabled, timeout: minute },
          ...(rateLimit === undefined ? { rateLimit: { perSecond: 2 } } : {}),
          retryConfig: { maxAttempts: 3, strategy: 'fixed', baseDelay: 3 * second },
          updatedAt: now(),
        },
      };
    }),
  );
