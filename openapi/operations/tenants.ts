import * as examples from '../examples.ts';
import type { Answer, Operations } from '../operation.ts';

const token = 'hk0_0000000000000000000000000000000000000';

const application = (description: string): Answer => ({
  ...{ status: 200, description },
  content: { schema: 'Application', example: examples.applicationExample },
});

export const tenantOperations: Operations = {
  'POST /api/applications': {
    ...{ id: 'createApplication', tag: 'applications', summary: 'Create an application' },
    description: 'For operators. Without an id it gets one.',
    body: { schema: 'ApplicationInput', example: { id: 'acme', name: 'Acme', metadata: { tier: 'gold' } } },
    answers: [{ ...application('Created.'), status: 201, headers: ['location'] }],
    problems: ['operator_required', 'already_exists'],
  },
  'GET /api/applications': {
    ...{ id: 'listApplications', tag: 'applications', summary: 'List applications' },
    description: 'For operators.',
    answers: [
      {
        ...{ status: 200, description: 'A page of applications.' },
        content: { schema: 'ApplicationPage', example: examples.page(examples.applicationExample) },
      },
    ],
    problems: ['operator_required'],
  },
  'GET /api/applications/{applicationId}': {
    ...{ id: 'getApplication', tag: 'applications', summary: 'One application' },
    answers: [application('The application.')],
  },
  'PATCH /api/applications/{applicationId}': {
    ...{ id: 'updateApplication', tag: 'applications', summary: 'Change an application' },
    description:
      'A merge patch (RFC 7396): what is left out stays, null removes. Limits are changed by operators.',
    body: { schema: 'ApplicationPatch', example: { metadata: { tier: 'silver' } } },
    answers: [application('As it stands now.')],
    problems: ['operator_required'],
  },
  'DELETE /api/applications/{applicationId}': {
    ...{ id: 'deleteApplication', tag: 'applications', summary: 'Remove an application' },
    description: 'For operators. Its endpoints must be gone, or confirm names it.',
    answers: [
      { status: 204, description: 'Removed.' },
      {
        ...{
          status: 202,
          description: 'Closed at once; everything that it has is removed behind the answer.',
        },
        content: { schema: 'ApplicationRemoval', example: { id: 'acme', status: 'purging' } },
      },
    ],
    problems: ['operator_required', 'permanent', 'not_empty'],
  },
  'POST /api/tokens': {
    ...{ id: 'createToken', tag: 'tokens', summary: 'Make a token' },
    description: 'Nobody hands on scopes that their own token lacks.',
    body: { schema: 'TokenInput', example: { name: 'shop', scopes: ['ingest'] } },
    answers: [
      {
        ...{ status: 201, description: 'Made. Its text is shown this once.' },
        content: {
          schema: 'NewToken',
          example: { ...examples.tokenExample, token },
        },
      },
    ],
    problems: ['operator_required'],
  },
  'POST /api/applications/{applicationId}/portal-tokens': {
    ...{ id: 'createPortalToken', tag: 'tokens', summary: 'Make a token for a customer of an application' },
    description:
      'For a browser: short-lived, with capabilities in the place of scopes. By default it sees and changes endpoints, and sees and retries deliveries, for an hour.',
    body: { schema: 'PortalTokenInput', example: { expiresIn: 3_600_000 }, isOptional: true },
    answers: [
      {
        ...{ status: 201, description: 'Made. Its text is shown this once.' },
        content: { schema: 'NewPortalToken', example: { ...examples.portalTokenExample, token } },
      },
    ],
  },
  'GET /api/tokens': {
    ...{ id: 'listTokens', tag: 'tokens', summary: 'List tokens' },
    answers: [
      {
        ...{ status: 200, description: 'A page of tokens without their texts.' },
        content: { schema: 'TokenPage', example: examples.page(examples.tokenExample) },
      },
    ],
    problems: ['operator_required'],
  },
  'GET /api/tokens/{tokenId}': {
    ...{ id: 'getToken', tag: 'tokens', summary: 'One token' },
    answers: [
      {
        ...{ status: 200, description: 'The token without its text.' },
        content: { schema: 'Token', example: examples.tokenExample },
      },
    ],
    problems: ['operator_required'],
  },
  'PATCH /api/tokens/{tokenId}': {
    ...{ id: 'updateToken', tag: 'tokens', summary: 'Change a token' },
    description:
      'What is left out stays; null takes the end or the limit away. Portal tokens stay as they are.',
    body: { schema: 'TokenPatch', example: { rateLimit: { perSecond: 100 } } },
    answers: [
      {
        ...{ status: 200, description: 'As it stands now.' },
        content: {
          schema: 'Token',
          example: { ...examples.tokenExample, rateLimit: { perSecond: 100 } },
        },
      },
    ],
    problems: ['operator_required', 'wrong_state'],
  },
  'DELETE /api/tokens/{tokenId}': {
    ...{ id: 'deleteToken', tag: 'tokens', summary: 'Revoke a token' },
    description: 'Functions remember tokens for a minute: within that it dies everywhere.',
    answers: [{ status: 204, description: 'Revoked.' }],
    problems: ['operator_required'],
  },
};
