import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { choiceParameter, matchingParameter, timeRange } from '#adapters/http-api/query.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { apiStatuses } from '#core/delivery/api-status.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { toApi, toDeadLetter } from '#core/delivery/delivery-view.ts';
import { matchedEndpoint } from '#core/event/matched.ts';
import { idPatterns, isEndpointId, parseDeliveryId } from '#core/id/ids.ts';
import type { PageRequest } from '#core/page/page.ts';
import { notFound } from '#core/problem/problem.ts';
import { delivered, undelivered } from '../actions/event-deliveries.ts';
import { retry } from '../actions/retry.ts';
import { loadOutline } from '../http/found.ts';
import { refuseBody } from '../http/refuse-body.ts';
import type { Services } from '../services.ts';

const statusParameter = choiceParameter('status', apiStatuses, 'Only deliveries with this status.');
const eventTime = timeRange('deliveries of events');
const endpointParameter = matchingParameter({
  name: 'endpointId',
  description: 'Only dead letters of this endpoint.',
  schema: { pattern: idPatterns.endpoint.source },
  check: isEndpointId,
  accepted: 'an endpoint id such as ep_01h…',
});

export function deliveryRoutes(
  services: Pick<Services, 'endpoints' | 'events' | 'deliveries' | 'wake' | 'now' | 'retentionDays'>,
): ApiRoute[] {
  const { events, deliveries, now } = services;
  return [
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}/deliveries',
      scope: 'read',
      capability: 'deliveries:read',
      query: [statusParameter, ...eventTime.parameters, ...pageParameters],
      async handle({ params: { endpointId }, query, caller: { applicationId } }) {
        const filter = { status: statusParameter.read(query), ...eventTime.read(query) };
        const { circuit } = await loadOutline(services, applicationId, endpointId);
        const list = ['deliveries', endpointId, filter];
        return pageResponse(
          list,
          query,
          (page) => deliveries.listByEndpoint(endpointId, { ...filter, ...page }),
          (delivery) => toApi(delivery, now(), circuit),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/api/deliveries/{deliveryId}',
      scope: 'read',
      capability: 'deliveries:read',
      async handle({ params: { deliveryId }, caller: { applicationId } }) {
        const ids = parseDeliveryId(deliveryId);
        if (ids === undefined) throw notFound('delivery', deliveryId);
        const delivery = await deliveries.get(ids.endpointId, ids.eventId);
        if (delivery?.applicationId === applicationId) return json(200, await delivered(services, delivery));
        const event = delivery === undefined ? await events.get(applicationId, ids.eventId) : undefined;
        const matched = event && (await matchedEndpoint(event, ids.endpointId, events.segment));
        const view = matched && undelivered(services, event, ids.endpointId);
        if (view === undefined) throw notFound('delivery', deliveryId);
        return json(200, view);
      },
    }),
    route({
      method: 'POST',
      path: '/api/deliveries/{deliveryId}/retry',
      scope: 'manage',
      capability: 'deliveries:retry',
      async handle({ request, params: { deliveryId }, caller }) {
        refuseBody(request);
        const view = await retry(services, caller, deliveryId);
        if (view === undefined) throw notFound('delivery', deliveryId);
        return json(202, view);
      },
    }),
    route({
      method: 'GET',
      path: '/api/dead-letters',
      scope: 'read',
      capability: 'deliveries:read',
      query: [endpointParameter, ...pageParameters],
      async handle({ query, caller: { applicationId } }) {
        const endpointId = endpointParameter.read(query);
        const read = (page: PageRequest) => deliveries.dead(applicationId, { endpointId, ...page });
        // A delivery that was redriven between the reads of the index and of the item is not a dead letter.
        const view = (delivery: Delivery) => toDeadLetter(delivery, now());
        return pageResponse(['dead-letters', applicationId, endpointId], query, read, view);
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const deliveryOperations = {
  'GET /api/endpoints/{endpointId}/deliveries': {
    id: 'listDeliveries',
    summary: 'List the deliveries of an endpoint',
    description:
      'Deliveries with at least one attempt or a wait, newest event first. status selects some of them.',
    answers: [{ status: 200, description: 'A page of deliveries, newest first.', schema: 'DeliveryPage' }],
  },
  'GET /api/deliveries/{deliveryId}': {
    id: 'getDelivery',
    summary: 'Get a delivery with its attempts',
    description:
      'Its last 20 attempts, with the answers of the last 5. A delivery without an attempt is listed with its event.',
    answers: [{ status: 200, description: 'The delivery.', schema: 'Delivery' }],
  },
  'POST /api/deliveries/{deliveryId}/retry': {
    id: 'retryDelivery',
    summary: 'Retry a delivery now',
    description: 'A delivery whose next attempt is due or running stays unchanged.',
    answers: [{ status: 202, description: 'The delivery after the retry started.', schema: 'Delivery' }],
    problems: ['wrong_state'],
  },
  'GET /api/dead-letters': {
    id: 'listDeadLetters',
    summary: 'List dead letters',
    description:
      'Deliveries that used up their attempts, or were refused for good. endpointId selects those of one endpoint.',
    answers: [{ status: 200, description: 'A page of dead letters.', schema: 'DeadLetterPage' }],
  },
} as const satisfies Operations;
