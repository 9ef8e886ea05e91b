import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { json, noContent } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { changedEventType, newEventType } from '#core/event-type/event-type-input.ts';
import { eventTypeView } from '#core/event-type/event-type-view.ts';
import { notFound } from '#core/problem/problem.ts';
import { AlreadyExists } from '#core/problem/store-errors.ts';
import { dryRunParameter, isDryRun } from '../http/dry-run.ts';
import { found } from '../http/found.ts';
import type { Services } from '../services.ts';

/** Registered event types: a description for people, and the schema by which ingest checks payloads. */
export function eventTypeRoutes({
  eventTypes,
  now,
  loadRegex,
}: Pick<Services, 'eventTypes' | 'now' | 'loadRegex'>): ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/api/event-types',
      scope: 'manage',
      query: [dryRunParameter],
      async handle({ request, query, caller }) {
        const isTrial = isDryRun(query);
        const body = readJsonValue(request);
        const eventType = newEventType(caller.applicationId, body, await loadRegex(), now());
        if (isTrial) {
          const { applicationId, name } = eventType;
          if ((await eventTypes.get(applicationId, name)) === undefined) return noContent();
          throw new AlreadyExists(`event type ${name} already exists`);
        }
        await eventTypes.create(eventType);
        const location = `/api/event-types/${eventType.name}`;
        return json(201, eventTypeView(eventType), { location });
      },
    }),
    route({
      method: 'GET',
      path: '/api/event-types',
      scope: 'read',
      capability: 'endpoints:read',
      query: pageParameters,
      async handle({ query, caller: { applicationId } }) {
        const list = ['event types', applicationId];
        return pageResponse(list, query, (page) => eventTypes.list(applicationId, page), eventTypeView);
      },
    }),
    route({
      method: 'GET',
      path: '/api/event-types/{eventType}',
      scope: 'read',
      capability: 'endpoints:read',
      async handle({ params, caller }) {
        const eventType = await eventTypes.get(caller.applicationId, params.eventType);
        return json(200, eventTypeView(found(eventType, 'event type', params.eventType)));
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/event-types/{eventType}',
      scope: 'manage',
      async handle({ request, params, caller }) {
        const body = readJsonValue(request);
        const regex = await loadRegex();
        const changed = await eventTypes.update(caller.applicationId, params.eventType, (eventType) =>
          changedEventType(eventType, body, regex, now()),
        );
        return json(200, eventTypeView(found(changed, 'event type', params.eventType)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/event-types/{eventType}',
      scope: 'manage',
      async handle({ params, caller }) {
        if (!(await eventTypes.remove(caller.applicationId, params.eventType))) {
          throw notFound('event type', params.eventType);
        }
        return noContent();
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const eventTypeOperations = {
  'POST /api/event-types': {
    id: 'createEventType',
    summary: 'Register an event type',
    description: 'Events of other types are accepted as well, with any payload.',
    body: 'EventTypeInput',
    answers: [
      { status: 201, description: 'The new event type.', schema: 'EventType', headers: ['location'] },
      { status: 204, description: 'With dryRun=true: the event type would be registered.' },
    ],
    problems: ['already_exists', 'limit_reached'],
  },
  'GET /api/event-types': {
    id: 'listEventTypes',
    summary: 'List event types',
    description: 'All event types that are registered, in the order of their names.',
    answers: [{ status: 200, description: 'A page of event types.', schema: 'EventTypePage' }],
  },
  'GET /api/event-types/{eventType}': {
    id: 'getEventType',
    summary: 'Get an event type',
    description: 'With its schema and its example, where it has them.',
    answers: [{ status: 200, description: 'The event type.', schema: 'EventType' }],
  },
  'PATCH /api/event-types/{eventType}': {
    id: 'updateEventType',
    summary: 'Change an event type',
    description:
      'A merge patch (RFC 7396): absent fields stay unchanged, null removes a field. schema and example are replaced as a whole. The change applies to the next event.',
    body: 'EventTypePatch',
    answers: [{ status: 200, description: 'The changed event type.', schema: 'EventType' }],
  },
  'DELETE /api/event-types/{eventType}': {
    id: 'deleteEventType',
    summary: 'Remove an event type',
    description: 'From then on, its events are accepted with any payload.',
    answers: [{ status: 204, description: 'Removed.' }],
  },
} as const satisfies Operations;
