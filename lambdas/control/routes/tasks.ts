import * as z from 'zod/mini';
import type { StoredEvent } from '../../core/event/event.ts';
import { idPatterns, isEndpointId, parseDeliveryId } from '../../core/ids.ts';
import { notFound, Problem } from '../../core/problem.ts';
import { cancelled, isOver, newTask, type Task, type TaskWork, taskView } from '../../core/task/task.ts';
import { accepts, fields, optional } from '../../core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '../../core/validation/validate.ts';
import { readJsonValue } from '../../runtime/http/json-body.ts';
import { quoted } from '../../runtime/http/query.ts';
import type { HttpRequest } from '../../runtime/http/request.ts';
import { type HttpResponse, json } from '../../runtime/http/response.ts';
import type { EventDeliveries } from '../event-deliveries.ts';
import { refuseBody } from '../no-body.ts';
import type { Endpoints, Events, Tasks } from '../ports.ts';
import { orUnavailable } from '../queue-trouble.ts';
import { requireReachable } from '../retry.ts';
import { type Route, route } from '../route.ts';

export interface TaskRoutesOptions {
  readonly tasks: Tasks;
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly events: Pick<Events, 'get'>;
  readonly eventDeliveries: EventDeliveries;
  readonly newTaskId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

// The ids stand in the task's item, which is written with each step and billed by its size.
const mostIds = 100;

const ids = (accepted: string, isId: (text: string) => boolean, pattern: RegExp) => {
  const list = `an array of 1 to ${mostIds} of ${accepted}`;
  const id = z.string(accepted).check(accepts(isId, accepted, pattern));
  return optional(z.array(id, list).check(z.minLength(1, list), z.maxLength(mostIds, list)));
};

const endpointId = 'endpoint ids such as ep_01h…';
export const redriveSchema = fields({
  endpointId: optional(z.string(endpointId).check(accepts(isEndpointId, endpointId, idPatterns.endpoint))),
  deliveryIds: ids(
    'delivery ids such as dlv_01h…_01h…',
    (text) => parseDeliveryId(text) !== undefined,
    idPatterns.delivery,
  ),
});
export const replaySchema = fields({ endpointIds: ids(endpointId, isEndpointId, idPatterns.endpoint) });

/** Work that is done behind the answer, in steps: redrives and replays, and how to follow and to stop them. */
export function taskRoutes(options: TaskRoutesOptions): Route[] {
  const { tasks, endpoints, events, eventDeliveries, newTaskId, now } = options;
  const queueStep = orUnavailable(tasks.queueStep);

  async function start(applicationId: string, work: TaskWork): Promise<HttpResponse> {
    const task = newTask(newTaskId(), applicationId, work, now());
    if (!(await tasks.store(task))) throw new Error(`there is a task ${task.id} already`);
    await queueStep(task, 0);
    return json(202, { taskId: task.id }, { location: `/api/tasks/${task.id}` });
  }

  async function load(applicationId: string, id: string): Promise<Task> {
    const task = await tasks.get(id);
    if (task?.applicationId !== applicationId) throw notFound('task', id);
    return task;
  }

  /** @throws Problem for an endpoint that the event has no delivery to, or that takes nothing */
  async function checkNamed(event: StoredEvent, named: readonly string[]): Promise<void> {
    const strangers = new Set(named);
    for await (const matched of strangers.size > 0 ? eventDeliveries.all(event) : []) {
      for (const { endpointId } of matched) strangers.delete(endpointId);
    }
    const errors = named.flatMap((id, index) =>
      strangers.has(id)
        ? fieldError(['endpointIds', index], quoted(id), 'endpoints that the event matched')
        : [],
    );
    if (errors.length > 0) throw problemOf(errors);
    for (const id of named) await requireReachable(endpoints, event.applicationId, id);
  }

  return [
    route({
      method: 'POST',
      path: '/api/dead-letters/redrive',
      scope: 'manage',
      async handle({ request, caller: { applicationId } }) {
        const input = validate({ schema: redriveSchema, value: optionalBody(request) });
        if (input.endpointId !== undefined && input.deliveryIds !== undefined) {
          throw problemOf([fieldError(['deliveryIds'], 'it beside endpointId', 'one of the two')]);
        }
        if (input.endpointId !== undefined) {
          if (!(await endpoints.get(applicationId, input.endpointId)))
            throw notFound('endpoint', input.endpointId);
          await requireReachable(endpoints, applicationId, input.endpointId);
        }
        return start(applicationId, {
          kind: 'redrive',
          ...(input.endpointId === undefined ? {} : { endpointId: input.endpointId }),
          ...(input.deliveryIds === undefined ? {} : { deliveryIds: input.deliveryIds }),
        });
      },
    }),
    route({
      method: 'POST',
      path: '/api/events/{eventId}/replay',
      scope: 'manage',
      async handle({ request, params: { eventId }, caller: { applicationId } }) {
        const { endpointIds } = validate({ schema: replaySchema, value: optionalBody(request) });
        const event = await events.get(applicationId, eventId);
        if (event === undefined) throw notFound('event', eventId);
        await checkNamed(event, endpointIds ?? []);
        return start(applicationId, {
          kind: 'replay',
          eventId,
          ...(endpointIds === undefined ? {} : { endpointIds }),
        });
      },
    }),
    route({
      method: 'GET',
      path: '/api/tasks/{taskId}',
      scope: 'read',
      async handle({ params: { taskId }, caller: { applicationId } }) {
        return json(200, taskView(await load(applicationId, taskId)));
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{taskId}/cancel',
      scope: 'manage',
      async handle({ request, params: { taskId }, caller: { applicationId } }) {
        refuseBody(request);
        return json(200, taskView(await cancel(() => load(applicationId, taskId), tasks, now)));
      },
    }),
  ];
}

const mostRaces = 10;

/** Repeating it is no error: then the task is as it was left. */
async function cancel(load: () => Promise<Task>, tasks: Tasks, now: () => number): Promise<Task> {
  for (let races = 0; races < mostRaces; races += 1) {
    const task = await load();
    if (task.status === 'cancelled') return task;
    if (isOver(task)) {
      throw new Problem('wrong_state', {
        detail: `task ${task.id} is completed; there is nothing to cancel`,
        accepted: 'a task that is queued or running',
      });
    }
    const stopped = cancelled(task, now());
    // A step that ends just now moved it on: look again.
    if (await tasks.store(stopped)) return stopped;
  }
  throw new Problem('contended', {
    detail: 'the task moved on each time it was to be cancelled; try again',
    headers: { 'retry-after': '1' },
  });
}

/** No body asks for the same as `{}`: everything. */
const optionalBody = (request: HttpRequest): unknown =>
  request.body.content === '' ? {} : readJsonValue(request);
