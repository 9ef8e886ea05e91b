import { type Caller, requireCapabilityFor } from '#adapters/http-api/auth.ts';
import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { pageParameters, pageResponse } from '#adapters/http-api/page.ts';
import { json, noContent } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { requireCredentials } from '#core/endpoint/credentials-required.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { createEndpointInputs } from '#core/endpoint/endpoint-input.ts';
import { changeStatus, statusActions } from '#core/endpoint/endpoint-status.ts';
import { endpointView } from '#core/endpoint/endpoint-view.ts';
import { newEndpoint, reconfigured, withNewSecretForNewHost } from '#core/endpoint/new-endpoint.ts';
import { isObject } from '#core/json/merge-patch.ts';
import { checkTargetUrl, hostOf, ipv4Only } from '#core/outbound/target-url.ts';
import { notFound } from '#core/problem/problem.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { mayReadSecrets, mayReadUrls } from '#core/token/authorize.ts';
import { fieldError, problemOf } from '#core/validation/validate.ts';
import { refuseOwnHost } from '../actions/refuse-own-host.ts';
import { refuseWeakCircuit } from '../actions/refuse-weak-circuit.ts';
import { dryRunParameter, isDryRun } from '../http/dry-run.ts';
import { found, loadEndpoint } from '../http/found.ts';
import { refuseBody } from '../http/refuse-body.ts';
import type { Services } from '../services.ts';
import { newSecret } from './endpoint-secrets.ts';

export function endpointRoutes(
  services: Pick<
    Services,
    | 'endpoints'
    | 'targetPolicy'
    | 'isIpv6Only'
    | 'ownHosts'
    | 'mayTurnCircuitsOff'
    | 'loadRegex'
    | 'drain'
    | 'ids'
    | 'randomBytes'
    | 'now'
  >,
): ApiRoute[] {
  const { endpoints, targetPolicy, isIpv6Only, ownHosts, mayTurnCircuitsOff, loadRegex } = services;
  const { drain, ids, randomBytes, now } = services;
  const inputs = createEndpointInputs(targetPolicy);
  /** For callers who may change endpoints. */
  const view = (record: EndpointRecord) => endpointView(record, now(), true);
  const viewFor =
    ({ token }: Pick<Caller, 'token'>) =>
    (record: EndpointRecord) =>
      endpointView(record, now(), mayReadUrls(token));

  /** The engine for regular expressions is loaded only for filters that have or may have one. */
  const regexFor = async (body: unknown): Promise<RegexEngine | undefined> =>
    isObject(body) && JSON.stringify(body.filters ?? null).includes('"regex"') ? loadRegex() : undefined;
  // The filters of the endpoint cost something else with other metadata.
  const regexForPatch = async (body: unknown): Promise<RegexEngine | undefined> =>
    isObject(body) && Object.hasOwn(body, 'metadata') ? loadRegex() : regexFor(body);

  /** @throws Problem for a name that has only IPv6 addresses, in a deployment that does not reach them */
  async function requireReachable(url: unknown): Promise<void> {
    const check = typeof url === 'string' ? checkTargetUrl(url, targetPolicy) : undefined;
    if (check?.ok && (await isIpv6Only(hostOf(check.url))))
      throw problemOf([fieldError(['url'], 'a name with IPv6 addresses only', ipv4Only)]);
  }

  const statusRoutes = statusActions.map((action) =>
    route({
      method: 'POST',
      path: `/api/endpoints/{endpointId}/${action}`,
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ request, params: { endpointId }, caller: { applicationId } }) {
        refuseBody(request);
        let resumed = false;
        const record = await endpoints.update(applicationId, endpointId, (standing) => {
          const state = changeStatus(standing.state, action, now());
          resumed = standing.state.status === 'paused' && state.status === 'active';
          return state === standing.state ? standing : { ...standing, state };
        });
        const changed = found(record, 'endpoint', endpointId);
        if (resumed) await drain({ applicationId, endpointId });
        return json(200, view(changed));
      },
    }),
  );

  return [
    route({
      method: 'POST',
      path: '/api/endpoints',
      scope: 'manage',
      capability: 'endpoints:write',
      query: [dryRunParameter],
      async handle({ request, query, caller }) {
        const { applicationId } = caller;
        const isTrial = isDryRun(query);
        const body = readJsonValue(request);
        const input = inputs.parse(body, await regexFor(body));
        refuseOwnHost(input.url, request.host, ownHosts);
        refuseWeakCircuit(caller, input.circuitBreaker, mayTurnCircuitsOff);
        await requireReachable(input.url);
        if (isTrial) return noContent();
        const made = { id: ids.endpoint(), applicationId, secret: newSecret(randomBytes), now: now() };
        const endpoint = newEndpoint(input, made);
        await endpoints.create(endpoint);
        const record = { endpoint, state: { status: 'active', since: endpoint.createdAt } } as const;
        return json(201, view(record), { location: `/api/endpoints/${endpoint.id}` });
      },
    }),
    route({
      method: 'GET',
      path: '/api/endpoints',
      scope: 'read',
      capability: 'endpoints:read',
      query: pageParameters,
      async handle({ query, caller }) {
        const { applicationId } = caller;
        const list = ['endpoints', applicationId];
        return pageResponse(list, query, (page) => endpoints.list(applicationId, page), viewFor(caller));
      },
    }),
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}',
      scope: 'read',
      capability: 'endpoints:read',
      async handle({ params: { endpointId }, caller }) {
        return json(200, viewFor(caller)(await loadEndpoint(services, caller.applicationId, endpointId)));
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/endpoints/{endpointId}',
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ request, params: { endpointId }, caller }) {
        const body = readJsonValue(request);
        if (givesSecret(body)) requireCapabilityFor(caller, 'security.secret', 'secrets:read');
        const regex = await regexForPatch(body);
        if (isObject(body)) await requireReachable(body.url);
        const record = await endpoints.update(caller.applicationId, endpointId, (standing) => {
          const input = inputs.patch(standing.endpoint, body, regex);
          refuseOwnHost(input.url, request.host, ownHosts);
          const { circuitBreaker } = standing.endpoint;
          refuseWeakCircuit(caller, input.circuitBreaker, mayTurnCircuitsOff, circuitBreaker);
          const before = standing.endpoint;
          const after = reconfigured(before, input, now());
          if (mayReadSecrets(caller.token)) return { ...standing, endpoint: after };
          requireCredentials(before, input, body);
          const endpoint = withNewSecretForNewHost(before, after, newSecret(randomBytes), now());
          return { ...standing, endpoint };
        });
        return json(200, view(found(record, 'endpoint', endpointId)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/endpoints/{endpointId}',
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ params: { endpointId }, caller: { applicationId } }) {
        if (!(await endpoints.remove(applicationId, endpointId))) throw notFound('endpoint', endpointId);
        return noContent();
      },
    }),
    ...statusRoutes,
  ];
}

const givesSecret = (body: unknown): boolean =>
  isObject(body) && isObject(body.security) && Object.hasOwn(body.security, 'secret');

/** What the OpenAPI document says about these routes. No function imports it. */
export const endpointOperations = {
  'POST /api/endpoints': {
    id: 'createEndpoint',
    summary: 'Create an endpoint',
    description:
      'Events that are posted afterwards are delivered to it. The answer holds the effective configuration, with all defaults, and no secret. With dryRun=true nothing is created, and the answer is 204 or the problem.',
    body: 'EndpointInput',
    answers: [
      {
        status: 201,
        description: 'The new endpoint, with all defaults.',
        schema: 'Endpoint',
        headers: ['location'],
      },
      { status: 204, description: 'With dryRun=true: the endpoint would be created.' },
    ],
    problems: ['operator_required', 'credentials_unreadable', 'limit_reached'],
  },
  'GET /api/endpoints': {
    id: 'listEndpoints',
    summary: 'List endpoints',
    description: 'All endpoints of the application, in the order of their ids.',
    answers: [{ status: 200, description: 'A page of endpoints.', schema: 'EndpointPage' }],
    problems: ['credentials_unreadable'],
  },
  'GET /api/endpoints/{endpointId}': {
    id: 'getEndpoint',
    summary: 'Get an endpoint',
    description:
      'The effective configuration, with all defaults. Credentials in headers are masked, and the secret is left out. In the url, what looks like a credential is masked for tokens that may not change endpoints.',
    answers: [
      {
        status: 200,
        description: 'The endpoint with all defaults, without its secret.',
        schema: 'Endpoint',
      },
    ],
    problems: ['credentials_unreadable'],
  },
  'PATCH /api/endpoints/{endpointId}': {
    id: 'updateEndpoint',
    summary: 'Change an endpoint',
    description:
      'A merge patch (RFC 7396): absent fields stay unchanged, null removes a field or restores its default. filters are replaced as a whole. A portal token without secrets:read that changes the url must send the headers that look like credentials again, or remove them; if the url has another host, the endpoint gets a new signing secret.',
    body: 'EndpointPatch',
    answers: [{ status: 200, description: 'The changed endpoint.', schema: 'Endpoint' }],
    problems: ['operator_required', 'credentials_unreadable', 'credentials_required', 'limit_reached'],
  },
  'DELETE /api/endpoints/{endpointId}': {
    id: 'deleteEndpoint',
    summary: 'Delete an endpoint',
    description: 'Its unsettled deliveries are cancelled.',
    answers: [{ status: 204, description: 'Deleted.' }],
  },
  'POST /api/endpoints/{endpointId}/pause': {
    id: 'pauseEndpoint',
    summary: 'Pause an endpoint',
    description:
      'Events still match the endpoint, and its deliveries are held until it is resumed. Repeating the request has no effect.',
    answers: [{ status: 200, description: 'The changed endpoint.', schema: 'Endpoint' }],
    problems: ['credentials_unreadable', 'wrong_state'],
  },
  'POST /api/endpoints/{endpointId}/resume': {
    id: 'resumeEndpoint',
    summary: 'Resume a paused endpoint',
    description: 'Held deliveries are released in steps. Repeating the request has no effect.',
    answers: [{ status: 200, description: 'The changed endpoint.', schema: 'Endpoint' }],
    problems: ['credentials_unreadable', 'wrong_state'],
  },
  'POST /api/endpoints/{endpointId}/enable': {
    id: 'enableEndpoint',
    summary: 'Enable a disabled endpoint',
    description: 'A paused endpoint stays paused. Repeating the request has no effect.',
    answers: [{ status: 200, description: 'The changed endpoint.', schema: 'Endpoint' }],
    problems: ['credentials_unreadable', 'wrong_state', 'limit_reached'],
  },
  'POST /api/endpoints/{endpointId}/disable': {
    id: 'disableEndpoint',
    summary: 'Disable an endpoint',
    description:
      'No event matches the endpoint any more. Deliveries in a queue or waiting for a retry are cancelled when they are due, if the endpoint is still disabled then. Deliveries that a pause or the circuit holds are cancelled within minutes. Repeating the request has no effect.',
    answers: [{ status: 200, description: 'The changed endpoint.', schema: 'Endpoint' }],
    problems: ['credentials_unreadable', 'wrong_state'],
  },
} as const satisfies Operations;
