import * as z from 'zod/mini';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { quoted } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { json } from '#adapters/http-api/response.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { matchedAmong } from '#core/event/matched.ts';
import { idPatterns, isEndpointId, parseDeliveryId } from '#core/id/ids.ts';
import type { PageRequest } from '#core/page/page.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { cancelled, isOver, type Task } from '#core/task/task.ts';
import { taskView } from '#core/task/task-view.ts';
import { accepts, fields, instant, optional, yesOrNo } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import { requireReachable } from '../actions/require-reachable.ts';
import { startTask } from '../actions/start-task.ts';
import { found, loadEndpoint } from '../http/found.ts';
import { refuseBody } from '../http/refuse-body.ts';
import { type Route, route } from '../http/route.ts';
import type { Services } from '../services.ts';

// The ids stand in the task's item, which is written with each step and billed by its size.
const mostIds = 100;

const ids = (accepted: string, isId: (text: string) => boolean, pattern: RegExp) => {
  const list = `an array of 1 to ${mostIds} of ${accepted}`;
  const id = z.string(accepted).check(accepts(isId, accepted, pattern));
  return optional(z.array(id, list).check(z.minLength(1, list), z.maxLength(mostIds, list)));
};

// A dry run tells by its task what the same request would start.
const dryRun = optional(yesOrNo());

const endpointId = 'endpoint ids such as ep_01h…';
export const redriveSchema = fields({
  endpointId: optional(z.string(endpointId).check(accepts(isEndpointId, endpointId, idPatterns.endpoint))),
  deliveryIds: ids(
    'delivery ids such as dlv_01h…_01h…',
    (text) => parseDeliveryId(text) !== undefined,
    idPatterns.delivery,
  ),
  dryRun,
});
export const replaySchema = fields({
  endpointIds: ids(endpointId, isEndpointId, idPatterns.endpoint),
  dryRun,
});
export const recoverSchema = fields({ since: instant(), until: optional(instant()), dryRun });

/** Work that is done behind the answer, in steps: redrives, replays and recoveries, and how to follow and to stop them. */
export function taskRoutes(
  services: Pick<Services, 'tasks' | 'endpoints' | 'events' | 'ids' | 'now'>,
): Route[] {
  const { tasks, events, now } = services;

  async function load(applicationId: string, id: string): Promise<Task> {
    const task = await tasks.get(id);
    if (task?.applicationId !== applicationId) throw notFound('task', id);
    return task;
  }

  /** @throws Problem for an endpoint that the event has no delivery to, or that takes nothing */
  async function checkNamed(event: StoredEvent, named: readonly string[]): Promise<void> {
    const among = await matchedAmong(event, named, events.segment);
    const matched = new Set(among.map(({ endpointId }) => endpointId));
    const errors = named.flatMap((id, index) =>
      matched.has(id)
        ? []
        : fieldError(['endpointIds', index], quoted(id), 'endpoints that the event matched'),
    );
    if (errors.length > 0) throw problemOf(errors);
    for (const id of named) await requireReachable(services, event.applicationId, id);
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
          await loadEndpoint(services, applicationId, input.endpointId);
          await requireReachable(services, applicationId, input.endpointId);
        }
        const { endpointId, deliveryIds } = input;
        return startTask(
          services,
          applicationId,
          {
            kind: 'redrive',
            ...(endpointId === undefined ? {} : { endpointId }),
            ...(deliveryIds === undefined ? {} : { deliveryIds }),
          },
          { ...dryRunOf(input), ...(deliveryIds === undefined ? {} : { total: deliveryIds.length }) },
        );
      },
    }),
    route({
      method: 'POST',
      path: '/api/events/{eventId}/replay',
      scope: 'manage',
      async handle({ request, params: { eventId }, caller: { applicationId } }) {
        const input = validate({ schema: replaySchema, value: optionalBody(request) });
        const { endpointIds } = input;
        const event = found(await events.get(applicationId, eventId), 'event', eventId);
        await checkNamed(event, endpointIds ?? []);
        return startTask(
          services,
          applicationId,
          { kind: 'replay', eventId, ...(endpointIds === undefined ? {} : { endpointIds }) },
          { ...dryRunOf(input), total: endpointIds ? new Set(endpointIds).size : event.endpointCount },
        );
      },
    }),
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/recover',
      scope: 'manage',
      capability: 'deliveries:retry',
      async handle({ request, params: { endpointId }, caller: { applicationId } }) {
        const input = validate({ schema: recoverSchema, value: readJsonValue(request) });
        // What is accepted from now on is not missing yet.
        const until = Math.min(input.until ?? Infinity, now());
        if (input.since >= until) {
          const field = input.until === undefined || input.since < input.until ? 'since' : 'until';
          const accepted = field === 'since' ? 'a time that has passed' : 'a time after since';
          throw problemOf([fieldError([field], new Date(input[field] ?? until).toISOString(), accepted)]);
        }
        await loadEndpoint(services, applicationId, endpointId);
        await requireReachable(services, applicationId, endpointId);
        const work = { kind: 'recover', endpointId, since: input.since, until } as const;
        return startTask(services, applicationId, work, dryRunOf(input));
      },
    }),
    route({
      method: 'GET',
      path: '/api/tasks',
      scope: 'read',
      query: pageParameters,
      async handle({ query, caller: { applicationId } }) {
        const read = (page: PageRequest) => tasks.list(applicationId, page);
        return pageResponse(['tasks', applicationId], query, read, taskView);
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
        return json(200, taskView(await cancel(services, () => load(applicationId, taskId))));
      },
    }),
  ];
}

const mostRaces = 10;

/** Repeating it is no error: then the task is as it was left. */
async function cancel(
  { tasks, now }: Pick<Services, 'tasks' | 'now'>,
  load: () => Promise<Task>,
): Promise<Task> {
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

const dryRunOf = ({ dryRun }: { readonly dryRun?: boolean | undefined }) =>
  dryRun === true ? { dryRun } : {};

/** No body asks for the same as `{}`: everything. */
const optionalBody = (request: HttpRequest): unknown =>
  request.body.content === '' ? {} : readJsonValue(request);

/** What the OpenAPI document says about these routes. No function imports it. */
export const taskOperations = {
  'POST /api/dead-letters/redrive': {
    id: 'redriveDeadLetters',
    tag: 'tasks',
    summary: 'Start dead letters again',
    description: 'Those named, those of one endpoint, or all of the application.',
    body: 'RedriveInput',
    isBodyOptional: true,
    answers: [
      {
        status: 202,
        description: 'It goes on behind the answer; follow it at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/events/{eventId}/replay': {
    id: 'replayEvent',
    tag: 'tasks',
    summary: 'Send an event again',
    description: 'To those that have not had it, or to the endpoints named, even if they have.',
    body: 'ReplayInput',
    isBodyOptional: true,
    answers: [
      {
        status: 202,
        description: 'It goes on behind the answer; follow it at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/endpoints/{endpointId}/recover': {
    id: 'recoverEndpoint',
    tag: 'tasks',
    summary: 'Start again what an endpoint did not get',
    description: 'Of the events between since and until, which is now where it is not given.',
    body: 'RecoverInput',
    answers: [
      {
        status: 202,
        description: 'It goes on behind the answer; follow it at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'GET /api/tasks': {
    id: 'listTasks',
    tag: 'tasks',
    summary: 'List tasks, newest first',
    answers: [{ status: 200, description: 'A page of tasks.', schema: 'TaskPage' }],
  },
  'GET /api/tasks/{taskId}': {
    id: 'getTask',
    tag: 'tasks',
    summary: 'How far a task is',
    answers: [{ status: 200, description: 'The task as it stands.', schema: 'Task' }],
  },
  'POST /api/tasks/{taskId}/cancel': {
    id: 'cancelTask',
    tag: 'tasks',
    summary: 'Stop a task',
    description: 'What it started stays started. Repeating it is no error.',
    answers: [{ status: 200, description: 'The task as it stands.', schema: 'Task' }],
    problems: ['wrong_state'],
  },
} as const satisfies Operations;
