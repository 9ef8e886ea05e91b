import type { Operations } from '#adapters/http-api/operation.ts';

/** What the OpenAPI document says about these routes. No function imports it. */
export const endpointSecretOperations = {
  'GET /api/endpoints/{endpointId}/secret': {
    id: 'getEndpointSecret',
    tag: 'endpoints',
    summary: 'The signing secret of an endpoint',
    answers: [{ status: 200, description: 'The secret that signs from now on.', schema: 'SigningSecret' }],
  },
  'POST /api/endpoints/{endpointId}/rotate-secret': {
    id: 'rotateSecret',
    tag: 'endpoints',
    summary: 'Sign with another secret',
    description:
      'With the one given or one that is made. Those before it sign as well until the overlap ends, by default a day.',
    body: 'RotationInput',
    isBodyOptional: true,
    answers: [
      { status: 200, description: 'The secrets that sign, without their values.', schema: 'SigningSecrets' },
    ],
    problems: ['too_many_secrets'],
  },
} as const satisfies Operations;
