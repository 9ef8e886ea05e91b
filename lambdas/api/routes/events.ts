import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse, readPage } from '#adapters/http-api/page.ts';
import { matchingParameter, type Query, timeRange } from '#adapters/http-api/query.ts';
import { jsonText, noContent } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { eventLimits } from '#core/event/event-schema.ts';
import { eventTypeProblem } from '#core/event/type-name.ts';
import { idPatterns, isEndpointId } from '#core/id/ids.ts';
import type { PageRequest } from '#core/page/page.ts';
import { notFound } from '#core/problem/problem.ts';
import { deleteEvent } from '../actions/delete-event.ts';
import { eventDeliveries } from '../actions/event-deliveries.ts';
import { eventMatching } from '../actions/event-matching.ts';
import { found, loadOutline } from '../http/found.ts';
import type { Services } from '../services.ts';
import { eventSummary, eventText } from '../views/event-view.ts';

const boundedParameter = (name: string, description: string, longest: number) =>
  matchingParameter({
    name,
    description,
    schema: { minLength: 1, maxLength: longest },
    check: (text) => text.length >= 1 && text.length <= longest,
    accepted: `1 to ${longest} characters`,
  });

const typeParameter = matchingParameter({
  name: 'type',
  description: 'Only events of this type.',
  check: (text) => eventTypeProblem(text) === undefined,
  accepted: 'an event type such as order.created',
});
const sourceParameter = boundedParameter('source', 'Only events of this source.', eventLimits.sourceLength);
const tagParameter = boundedParameter('tag', 'Only events with this tag.', eventLimits.tagLength);
const endpointParameter = matchingParameter({
  name: 'endpointId',
  description: 'Only this endpoint.',
  schema: { pattern: idPatterns.endpoint.source },
  check: isEndpointId,
  accepted: 'an endpoint id such as ep_01h…',
});
const acceptedAt = timeRange('events');
const filterParameters = [typeParameter, sourceParameter, tagParameter, ...acceptedAt.parameters];

type EventServices = Pick<
  Services,
  | 'applications'
  | 'events'
  | 'deliveries'
  | 'endpoints'
  | 'tasks'
  | 'ids'
  | 'now'
  | 'retentionDays'
  | 'loadRegex'
>;

export function eventRoutes(services: EventServices): ApiRoute[] {
  const { events, endpoints } = services;
  return [
    route({
      method: 'GET',
      path: '/api/events',
      scope: 'read',
      capability: 'events:read',
      query: [...filterParameters, ...pageParameters],
      async handle({ query, caller: { applicationId } }) {
        const filter = readFilter(query);
        const read = (page: PageRequest) => events.list(applicationId, { ...filter, ...page });
        return pageResponse(['events', applicationId, filter], query, read, eventSummary);
      },
    }),
    route({
      method: 'GET',
      path: '/api/events/{eventId}',
      scope: 'read',
      capability: 'events:read',
      // They page the deliveries, of which an event may have ten thousand.
      query: pageParameters,
      async handle({ params, query, caller }) {
        const event = found(await events.get(caller.applicationId, params.eventId), 'event', params.eventId);
        const list = ['event', caller.applicationId, event.id];
        const { data, nextCursor } = await readPage(
          list,
          query,
          (page) => eventDeliveries(services, event, page),
          (view) => view,
        );
        return jsonText(200, eventText(event, { deliveries: data, nextCursor }));
      },
    }),
    route({
      method: 'GET',
      path: '/api/events/{eventId}/matching',
      scope: 'read',
      capability: 'events:read',
      query: [endpointParameter, ...pageParameters],
      async handle({ params: { eventId }, query, caller }) {
        const { applicationId } = caller;
        const event = found(await events.get(applicationId, eventId), 'event', eventId);
        const endpointId = endpointParameter.read(query);
        const read = async (page: PageRequest) => {
          const outlines =
            endpointId === undefined
              ? await endpoints.outlines(applicationId, page)
              : { items: [await loadOutline(services, applicationId, endpointId)] };
          return eventMatching(services, event, outlines, caller);
        };
        return pageResponse(['matching', applicationId, event.id, endpointId], query, read, (view) => view);
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/events/{eventId}',
      scope: 'manage',
      async handle({ params: { eventId }, caller: { applicationId } }) {
        const deleted = await deleteEvent(services, applicationId, eventId);
        if (deleted === undefined) throw notFound('event', eventId);
        return deleted === 'done' ? noContent() : deleted;
      },
    }),
  ];
}

const readFilter = (query: Query) => ({
  type: typeParameter.read(query),
  source: sourceParameter.read(query),
  tag: tagParameter.read(query),
  ...acceptedAt.read(query),
});

/** What the OpenAPI document says about these routes. No function imports it. */
export const eventOperations = {
  'GET /api/events': {
    id: 'listEvents',
    summary: 'List events, newest first',
    description: 'type, source, tag, since and until select some of them. The payload is left out.',
    answers: [{ status: 200, description: 'A page of events without their payloads.', schema: 'EventPage' }],
  },
  'GET /api/events/{eventId}': {
    id: 'getEvent',
    summary: 'Get an event with its deliveries',
    description: 'limit and cursor page the deliveries, of which an event may have ten thousand.',
    answers: [
      {
        status: 200,
        description: 'The event, and a page of its deliveries with their attempts.',
        schema: 'Event',
      },
    ],
  },
  'GET /api/events/{eventId}/matching': {
    id: 'listEventMatching',
    summary: 'Ask why endpoints got an event or not',
    description:
      'For each endpoint of the application, in the order of their ids: whether the event has a delivery for it, and if not, whether the endpoint is newer, disabled, wants other event types, or which condition of its filters failed first. endpointId asks about one endpoint.',
    answers: [{ status: 200, description: 'A page of endpoints.', schema: 'EventMatchingPage' }],
  },
  'DELETE /api/events/{eventId}': {
    id: 'deleteEvent',
    summary: 'Delete an event',
    description: 'Deletes the payload at once and cancels unsettled deliveries.',
    answers: [
      { status: 204, description: 'Deleted; its deliveries are cancelled.' },
      {
        status: 202,
        description: 'Deleted. A task cancels its many deliveries; follow it at Location.',
        schema: 'StartedTask',
        headers: ['location'],
      },
    ],
  },
} as const satisfies Operations;
