import { eventLimits } from '../../core/event/event-schema.ts';
import { notFound } from '../../core/problem.ts';
import { eventTypeProblem } from '../../core/routing/event-type.ts';
import { pageParameters, pageResponse, readPage } from '../../runtime/http/page.ts';
import {
  matchingParameter,
  type Query,
  queryProblem,
  quoted,
  timeParameter,
} from '../../runtime/http/query.ts';
import { jsonText } from '../../runtime/http/response.ts';
import type { EventDeliveries } from '../event-deliveries.ts';
import { eventSummary, eventText } from '../event-view.ts';
import type { EventFilter, Events } from '../ports.ts';
import { type Route, route } from '../route.ts';

export interface EventRoutesOptions {
  readonly events: Events;
  readonly eventDeliveries: EventDeliveries;
}

const textParameter = (name: string, description: string, longest: number) =>
  matchingParameter({
    ...{ name, description, schema: { minLength: 1, maxLength: longest } },
    check: (text) => text.length >= 1 && text.length <= longest,
    accepted: `1 to ${longest} characters`,
  });

const typeParameter = matchingParameter({
  name: 'type',
  description: 'Only events of exactly this type.',
  check: (text) => eventTypeProblem(text) === undefined,
  accepted: 'an event type such as order.created',
});
const sourceParameter = textParameter('source', 'Only events of this source.', eventLimits.sourceLength);
const tagParameter = textParameter('tag', 'Only events with this tag.', eventLimits.tagLength);
const sinceParameter = timeParameter('since', 'Only events of this time or later.');
const untilParameter = timeParameter('until', 'Only events before this time.');
const filterParameters = [typeParameter, sourceParameter, tagParameter, sinceParameter, untilParameter];

export function eventRoutes({ events, eventDeliveries }: EventRoutesOptions): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/events',
      scope: 'read',
      query: [...filterParameters, ...pageParameters],
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
  ];
}

function readFilter(query: Query): EventFilter {
  const type = typeParameter.read(query);
  const source = sourceParameter.read(query);
  const tag = tagParameter.read(query);
  const since = sinceParameter.read(query);
  const until = untilParameter.read(query);
  if (since !== undefined && until !== undefined && since >= until) {
    throw queryProblem('until', quoted(query.until ?? ''), 'a time after since');
  }
  return {
    ...(type === undefined ? {} : { type }),
    ...(source === undefined ? {} : { source }),
    ...(tag === undefined ? {} : { tag }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
