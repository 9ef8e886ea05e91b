import { eventLimits } from '../../core/event/event-schema.ts';
import { notFound } from '../../core/problem.ts';
import { eventTypeProblem } from '../../core/routing/event-type.ts';
import { pageParameters, pageResponse, readPage } from '../../runtime/http/page.ts';
import { matching, type Query, timeRange } from '../../runtime/http/query.ts';
import { jsonText, noContent } from '../../runtime/http/response.ts';
import type { DeleteEvent } from '../delete-event.ts';
import type { EventDeliveries } from '../event-deliveries.ts';
import { eventSummary, eventText } from '../event-view.ts';
import type { EventFilter, Events } from '../ports.ts';
import { type Route, route } from '../route.ts';

export interface EventRoutesOptions {
  readonly events: Pick<Events, 'get' | 'list'>;
  readonly eventDeliveries: EventDeliveries;
  readonly deleteEvent: DeleteEvent;
}

export function eventRoutes({ events, eventDeliveries, deleteEvent }: EventRoutesOptions): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/events',
      scope: 'read',
      capability: 'events:read',
      query: ['type', 'source', 'tag', 'since', 'until', ...pageParameters],
      async handle({ query, caller: { applicationId } }) {
        const filter = readFilter(query);
        const read = (page: { limit: number; after?: string }) =>
          events.list(applicationId, { ...filter, ...page });
        return pageResponse(['events', applicationId, filter], query, read, eventSummary);
      },
    }),
    route({
      method: 'GET',
      path: '/api/events/{eventId}',
      scope: 'read',
      capability: 'events:read',
      // Of the deliveries, of which there may be ten thousand.
      query: pageParameters,
      async handle({ params, query, caller }) {
        const event = await events.get(caller.applicationId, params.eventId);
        if (event === undefined) throw notFound('event', params.eventId);
        const list = ['event', caller.applicationId, event.id];
        const { data, nextCursor } = await readPage(
          list,
          query,
          (page) => eventDeliveries.page(event, page),
          (view) => view,
        );
        return jsonText(200, eventText(event, { deliveries: data, nextCursor }));
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/events/{eventId}',
      scope: 'manage',
      async handle({ params: { eventId }, caller: { applicationId } }) {
        const deletion = await deleteEvent(applicationId, eventId);
        if (deletion === undefined) throw notFound('event', eventId);
        return deletion.kind === 'done' ? noContent() : deletion.answer;
      },
    }),
  ];
}

function readFilter(query: Query): EventFilter {
  const type = matching(
    query,
    'type',
    (text) => eventTypeProblem(text) === undefined,
    'an event type such as order.created',
  );
  const source = matching(
    query,
    'source',
    isWithin(eventLimits.sourceLength),
    `1 to ${eventLimits.sourceLength} characters`,
  );
  const tag = matching(
    query,
    'tag',
    isWithin(eventLimits.tagLength),
    `1 to ${eventLimits.tagLength} characters`,
  );
  return {
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
    ...(tag === undefined ? {} : { tag }),
    ...timeRange(query),
  };
}

const isWithin =
  (longest: number) =>
  (text: string): boolean =>
    text.length >= 1 && text.length <= longest;
