import type { HttpResponse } from '#adapters/http-api/response.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { changeStatus, type StatusAction } from '#core/endpoint/endpoint-status.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { carryEvent } from '#core/message/codec.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { Problem } from '#core/problem/problem.ts';
import { ingest } from '#lambdas/ingest/routes.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { Death, Trouble } from './faults.ts';
import { type ApiActions, apiActions, ingestPorts } from './functions/edge.ts';
import { type Plant, second } from './plant.ts';
import type { Services } from './services.ts';

/** A person or a client was refused or not answered so often that it does not ask again. */
export class GaveUp extends Error {}

/** An active endpoint without a breaker. @returns its id */
export function addEndpoint(plant: Plant, given: Partial<Endpoint> = {}): string {
  const id = plant.ids.endpoint();
  const circuitBreaker = { enabled: false, threshold: 5, timeout: 60_000 };
  const endpoint = anEndpoint({ id, applicationId: 'default', circuitBreaker, ...given });
  const state = { status: 'active', since: plant.now } as const;
  plant.tables.endpoints.set(id, { record: { endpoint, state }, isRouted: true });
  return id;
}

/**
 * An event as ingest leaves it: stored, and its deliveries in their queue.
 *
 * @param isCarried whether the payload travels with the messages
 * @returns the event's id
 */
export function accept(
  plant: Plant,
  endpointIds: readonly string[],
  { id = plant.ids.event(), isCarried = true }: { readonly id?: string; readonly isCarried?: boolean } = {},
): string {
  const endpoints = endpointIds.map((endpointId) => ({ endpointId, priority: 'normal' as const }));
  const event: StoredEvent = {
    ...{ id, applicationId: 'default', type: 'order.created', tags: [] },
    ...{ timestamp: plant.now, deliverAt: plant.now, payload: pack(Buffer.from('{"n":1.0}')) },
    ...{ endpointCount: endpoints.length, endpoints },
  };
  void plant.stores.events.create(event);
  const carried = isCarried ? carryEvent(event) : undefined;
  for (const { endpointId, priority } of endpoints) {
    const message: DeliveryMessage = {
      ...{ v: 1, kind: 'delivery', applicationId: 'default', endpointId, eventId: id, priority },
      ...{ generation: 1, first: true, ...(carried ? { event: carried } : {}) },
    };
    plant.queues.send(priority, message, 0, endpointId);
  }
  return id;
}

/** Posts once. Undefined when the client got no answer. */
export async function postOnce(
  plant: Plant,
  path: string,
  text: string,
  key?: string,
): Promise<HttpResponse | undefined> {
  const request = {
    ...{
      method: 'POST',
      path,
      host: 'localhost',
      query: new URLSearchParams(),
      requestId: plant.newClaimId(),
    },
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: { content: text, isBase64: false },
  };
  return unlessLost(
    answerOf(plant, 'ingest', async (services) => {
      try {
        return await ingest(request, ingestPorts(services));
      } catch (error) {
        if (services.life.isOver) throw error;
        return { statusCode: error instanceof Problem ? error.status : 500, headers: {}, body: '' };
      }
    }),
  );
}

/** Posts until it is answered 202, as a patient client does. @throws Error when it is refused */
export async function post(plant: Plant, path: string, text: string, key?: string): Promise<HttpResponse> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await postOnce(plant, path, text, key);
    if (answer?.statusCode === 202) return answer;
    if (answer && answer.statusCode < 500 && answer.statusCode !== 409)
      throw new Error(`was answered ${answer.statusCode}`);
    await plant.wait(15 * second);
  }
  throw new GaveUp('was not accepted within five minutes');
}

/** Asks the API until it answers. */
export async function ask<Result>(plant: Plant, work: (api: ApiActions) => Promise<Result>): Promise<Result> {
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await unlessLost(
      answerOf(plant, 'api', async (services) => ({ result: await work(apiActions(services)) })),
    );
    if (answer) return answer.result;
    await plant.wait(second);
  }
  throw new GaveUp('was not answered in twenty tries');
}

/** Changes the status of an endpoint, as the API does it. */
export const changeStatusOf = (plant: Plant, endpointId: string, action: StatusAction): Promise<void> =>
  ask(plant, async ({ endpoints, drain, now }) => {
    let isResumed = false;
    await endpoints.update('default', endpointId, (standing) => {
      const state = changeStatus(standing.state, action, now());
      isResumed = standing.state.status === 'paused' && state.status === 'active';
      return state === standing.state ? standing : { ...standing, state };
    });
    if (isResumed) await drain({ applicationId: 'default', endpointId });
  });

/** The answer of an HTTP function, which may get lost on its way. */
function answerOf<Answer>(
  plant: Plant,
  by: string,
  work: (services: Services) => Promise<Answer>,
): Promise<Answer> {
  return plant.during(() =>
    plant.invoke(by, async (services) => {
      const answer = await work(services);
      return plant.effect(services.life, { by: 'lambda', name: 'answer', args: [] }, () => answer);
    }),
  );
}

async function unlessLost<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isOurs =
      error instanceof Death || error instanceof Trouble || (error instanceof Problem && error.status >= 500);
    if (!isOurs) throw error;
    return undefined;
  }
}
