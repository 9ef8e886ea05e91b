import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { currentSecret } from '#core/endpoint/new-endpoint.ts';
import { readRotation, rotated, secretsView } from '#core/endpoint/rotate-secret.ts';
import { generateSecret } from '#core/signature/secret.ts';
import { found, loadEndpoint } from '../http/found.ts';
import type { Services } from '../services.ts';

const secretBytes = 24;

export const newSecret = (randomBytes: Services['randomBytes']): string =>
  generateSecret(randomBytes(secretBytes));

export function endpointSecretRoutes(
  services: Pick<Services, 'endpoints' | 'randomBytes' | 'now'>,
): ApiRoute[] {
  const { endpoints, randomBytes, now } = services;

  return [
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}/secret',
      scope: 'manage',
      capability: 'secrets:read',
      async handle({ params: { endpointId }, caller: { applicationId } }) {
        const { endpoint } = await loadEndpoint(services, applicationId, endpointId);
        return json(200, { secret: currentSecret(endpoint), ...secretsView(endpoint, now()) });
      },
    }),
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/rotate-secret',
      scope: 'manage',
      capability: 'secrets:read',
      async handle({ request, params: { endpointId }, caller: { applicationId } }) {
        // Everything has a default, so a body is not needed.
        const body = request.body.content === '' ? {} : readJsonValue(request);
        const { overlap, secret = newSecret(randomBytes) } = readRotation(body);
        const record = await endpoints.update(applicationId, endpointId, (standing) => ({
          ...standing,
          endpoint: rotated(standing.endpoint, secret, overlap, now()),
        }));
        return json(200, secretsView(found(record, 'endpoint', endpointId).endpoint, now()));
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const endpointSecretOperations = {
  'GET /api/endpoints/{endpointId}/secret': {
    id: 'getEndpointSecret',
    summary: 'Get the signing secret of an endpoint',
    description:
      'The only request that shows a secret. Earlier secrets that still sign are listed without their text.',
    answers: [{ status: 200, description: 'The current secret.', schema: 'SigningSecret' }],
    problems: ['credentials_unreadable'],
  },
  'POST /api/endpoints/{endpointId}/rotate-secret': {
    id: 'rotateSecret',
    summary: 'Rotate the signing secret',
    description:
      'Sets the given secret, or a generated one. Previous secrets also sign until the overlap ends, after a day by default.',
    body: 'RotationInput',
    isBodyOptional: true,
    answers: [
      { status: 200, description: 'The signing secrets, without their values.', schema: 'SigningSecrets' },
    ],
    problems: ['credentials_unreadable', 'too_many_secrets'],
  },
} as const satisfies Operations;
