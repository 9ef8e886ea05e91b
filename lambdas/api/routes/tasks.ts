import * as z from 'zod/mini';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { quoted } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { transition } from '#core/concurrency/transition.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { matchedAmong } from '#core/event/matched.ts';
import { idPatterns, isEndpointId, parseDeliveryId } from '#core/id/ids.ts';
import type { PageRequest } from '#core/page/page.ts';
import { notFound, Problem } from '#core/problem/problem.ts';
import { cancelled, isOver, type Task } from '#core/task/task.ts';
import { taskView } from '#core/task/task-view.ts';
import { iso } from '#core/validation/instant.ts';
import { accepts, fields, instant, optional, yesOrNo } from '#core/validation/schemas.ts';
import { exclusiveField, fieldError, problemOf, validate } from '#core/validation/validate.ts';
import { requireReachable } from '../actions/require-reachable.ts';
import { startTask } from '../actions/start-task.ts';
import { found, loadOutline } from '../http/found.ts';
import { refuseBody } from '../http/refuse-body.ts';
import type { Services } from '../services.ts';

// The item of the task holds the ids. It is written with each step and billed by its size.
const mostIds = 100;

const ids = (accepted: string, isId: (text: string) => boolean, pattern: RegExp) => {
  const list = `an array of 1 to ${mostIds} of ${accepted}`;
  const id = z.string(accepted).check(accepts(isId, accepted, pattern));
  return optional(z.array(id, list).check(z.minLength(1, list), z.maxLength(mostIds, list)));
};

// The task of a dry run counts what the request would restart.
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

/** Redrives, replays and recoveries, which run in steps after the answer, and routes to follow and to cancel them. */
export function taskRoutes(
  services: Pick<Services, 'tasks' | 'endpoints' | 'events' | 'ids' | 'now'>,
): ApiRoute[] {
  const { tasks, events, now } = services;

  async function load(applicationId: string, id: string): Promise<Task> {
    const task = await tasks.get(id);
    if (task?.applicationId !== applicationId) throw notFound('task', id);
    return task;
  }

  /** @throws Problem for an endpoint that the event did not match, or that is disabled or deleted */
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
      async handle({ request, caller: { applicationId, hops } }) {
        const input = validate({ schema: redriveSchema, value: optionalBody(request) });
        if (input.endpointId !== undefined && input.deliveryIds !== undefined) {
          throw problemOf([exclusiveField(['deliveryIds'], 'endpointId')]);
        }
        if (input.endpointId !== undefined) {
          await loadOutline(services, applicationId, input.endpointId);
          await requireReachable(services, applicationId, input.endpointId);
        }
        const { endpointId, deliveryIds, dryRun } = input;
        const work = { kind: 'redrive', endpointId, deliveryIds } as const;
        return startTask(services, applicationId, work, { dryRun, hops, total: deliveryIds?.length });
      },
    }),
    route({
      method: 'POST',
      path: '/api/events/{eventId}/replay',
      scope: 'manage',
      async handle({ request, params: { eventId }, caller: { applicationId, hops } }) {
        const input = validate({ schema: replaySchema, value: optionalBody(request) });
        const { endpointIds, dryRun } = input;
        const event = found(await events.get(applicationId, eventId), 'event', eventId);
        await checkNamed(event, endpointIds ?? []);
        const work = { kind: 'replay', eventId, endpointIds } as const;
        const total = endpointIds ? new Set(endpointIds).size : event.endpointCount;
        return startTask(services, applicationId, work, { dryRun, hops, total });
      },
    }),
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/recover',
      scope: 'manage',
      capability: 'deliveries:retry',
      async handle({ request, params: { endpointId }, caller: { applicationId, hops } }) {
        const input = validate({ schema: recoverSchema, value: readJsonValue(request) });
        // Later events have not been missed yet.
        const until = Math.min(input.until ?? Infinity, now());
        if (input.since >= until) {
          const field = input.until === undefined || input.since < input.until ? 'since' : 'until';
          const accepted = field === 'since' ? 'a time in the past' : 'a time after since';
          throw problemOf([fieldError([field], iso(input[field] ?? until), accepted)]);
        }
        await loadOutline(services, applicationId, endpointId);
        await requireReachable(services, applicationId, endpointId);
        const work = { kind: 'recover', endpointId, since: input.since, until } as const;
        return startTask(services, applicationId, work, { dryRun: input.dryRun, hops });
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

/** Cancelling a cancelled task changes nothing. */
async function cancel(
  { tasks, now }: Pick<Services, 'tasks' | 'now'>,
  load: () => Promise<Task>,
): Promise<Task> {
  const { standing = await load() } = await transition<Task, { readonly store?: Task }>(
    'the task',
    await load(),
    (task) => {
      if (task === undefined || task.status === 'cancelled') return {};
      if (!isOver(task)) return { store: cancelled(task, now()) };
      throw new Problem('wrong_state', {
        detail: `task ${task.id} is completed and cannot be cancelled`,
        accepted: 'a task that is queued or running',
      });
    },
    // A step that ended meanwhile changed the task.
    async (next) => ((await tasks.store(next)) ? 'stored' : { standing: await load() }),
  );
  return standing;
}

/** No body means the same as `{}`. */
const optionalBody = (request: HttpRequest): unknown =>
  request.body.content === '' ? {} : readJsonValue(request);

/** What the OpenAPI document says about these routes. No function imports it. */
export const taskOperations = {
  'POST /api/dead-letters/redrive': {
    id: 'redriveDeadLetters',
    summary: 'Redrive dead letters',
    description: 'Restarts the named dead letters, those of one endpoint, or all of the application.',
    body: 'RedriveInput',
    isBodyOptional: true,
    answers: [
      {
        status: 202,
        description: 'Started. Follow the task at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/events/{eventId}/replay': {
    id: 'replayEvent',
    summary: 'Replay an event',
    description:
      'Sends the event again: to the endpoints that did not receive it, or to the named endpoints, even if they did.',
    body: 'ReplayInput',
    isBodyOptional: true,
    answers: [
      {
        status: 202,
        description: 'Started. Follow the task at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/endpoints/{endpointId}/recover': {
    id: 'recoverEndpoint',
    summary: 'Recover an endpoint',
    description: 'Restarts the unsuccessful deliveries of events between since and until (default: now).',
    body: 'RecoverInput',
    answers: [
      {
        status: 202,
        description: 'Started. Follow the task at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'GET /api/tasks': {
    id: 'listTasks',
    summary: 'List tasks, newest first',
    description: 'Redrives, replays, recoveries and deletions.',
    answers: [{ status: 200, description: 'A page of tasks.', schema: 'TaskPage' }],
  },
  'GET /api/tasks/{taskId}': {
    id: 'getTask',
    summary: 'Get a task',
    description: 'How many deliveries it has processed, and whether it is done.',
    answers: [{ status: 200, description: 'The task.', schema: 'Task' }],
  },
  'POST /api/tasks/{taskId}/cancel': {
    id: 'cancelTask',
    summary: 'Cancel a task',
    description: 'Deliveries that it restarted go on. Repeating the request has no effect.',
    answers: [{ status: 200, description: 'The task.', schema: 'Task' }],
    problems: ['wrong_state'],
  },
} as const satisfies Operations;
