import { type StatusAction, statusActions } from '#core/endpoint/endpoint-status.ts';
import * as examples from '../examples.ts';
import type { Answer, Operation, Operations } from '../operation.ts';

const shown = (description: string, example: unknown = examples.endpointExample): Answer => ({
  ...{ status: 200, description, content: { schema: 'Endpoint', example } },
});

const actions: Readonly<Record<StatusAction, readonly [summary: string, description: string]>> = {
  pause: ['Pause an endpoint', 'Events go on matching it; its deliveries are held until it is resumed.'],
  resume: ['Resume a paused endpoint', 'What was held is released in steps.'],
  enable: ['Enable a disabled endpoint', 'A paused one stays paused.'],
  disable: [
    'Disable an endpoint',
    'It matches nothing more. What waits for it in a queue or for a time is cancelled when its turn comes, if the endpoint is still disabled then; what a pause or its circuit held, from within a minute on.',
  ],
};

const action = (name: StatusAction): [string, Operation] => [
  `POST /api/endpoints/{endpointId}/${name}`,
  {
    ...{ id: `${name}Endpoint`, tag: 'endpoints', summary: actions[name][0] },
    description: `${actions[name][1]} Repeating it changes nothing and is no error.`,
    answers: [shown('As it stands now.', name === 'pause' ? examples.pausedExample : undefined)],
    problems: name === 'enable' ? ['wrong_state', 'limit_reached'] : ['wrong_state'],
  },
];

const closed = { state: 'closed', failures: 0 };

export const endpointOperations: Operations = {
  'POST /api/endpoints': {
    ...{ id: 'createEndpoint', tag: 'endpoints', summary: 'Create an endpoint' },
    body: { schema: 'EndpointInput', example: examples.endpointInput },
    answers: [
      {
        ...{ status: 201, description: 'Created, with all defaults filled in.', headers: ['location'] },
        content: { schema: 'Endpoint', example: examples.endpointExample },
      },
      { status: 204, description: 'With dryRun=true: it would be created.' },
    ],
    problems: ['limit_reached'],
  },
  'GET /api/endpoints': {
    ...{ id: 'listEndpoints', tag: 'endpoints', summary: 'List endpoints' },
    answers: [
      {
        ...{ status: 200, description: 'A page of endpoints.' },
        content: { schema: 'EndpointPage', example: examples.page(examples.endpointExample) },
      },
    ],
  },
  'GET /api/endpoints/{endpointId}': {
    ...{ id: 'getEndpoint', tag: 'endpoints', summary: 'One endpoint' },
    answers: [shown('What is in force, defaults included, without its secret.')],
  },
  'PATCH /api/endpoints/{endpointId}': {
    ...{ id: 'updateEndpoint', tag: 'endpoints', summary: 'Change an endpoint' },
    description:
      'A merge patch (RFC 7396): what is left out stays, null removes or takes the default. filters are replaced as a whole. A portal token without secrets:read that changes the url gives the headers that look like credentials again, or removes them.',
    body: { schema: 'EndpointPatch', example: { timeout: 10_000, filters: null } },
    answers: [shown('As it stands now.')],
    problems: ['credentials_required', 'limit_reached'],
  },
  'DELETE /api/endpoints/{endpointId}': {
    ...{ id: 'deleteEndpoint', tag: 'endpoints', summary: 'Delete an endpoint' },
    description: 'What is on its way to it is cancelled.',
    answers: [{ status: 204, description: 'Deleted.' }],
  },
  ...Object.fromEntries(statusActions.map(action)),
  'GET /api/endpoints/{endpointId}/secret': {
    ...{ id: 'getEndpointSecret', tag: 'endpoints', summary: 'The signing secret of an endpoint' },
    answers: [
      {
        ...{ status: 200, description: 'The secret that signs from now on.' },
        content: { schema: 'SigningSecret', example: examples.secretExample },
      },
    ],
  },
  'POST /api/endpoints/{endpointId}/rotate-secret': {
    ...{ id: 'rotateSecret', tag: 'endpoints', summary: 'Sign with another secret' },
    description:
      'With the one given or one that is made. Those before it sign as well until the overlap ends, by default a day.',
    body: { schema: 'RotationInput', example: { overlap: 86_400_000 }, isOptional: true },
    answers: [
      {
        ...{ status: 200, description: 'The secrets that sign, without their values.' },
        content: { schema: 'SigningSecrets', example: examples.secretsExample },
      },
    ],
    problems: ['too_many_secrets'],
  },
  'POST /api/endpoints/{endpointId}/test': {
    ...{ id: 'testEndpoint', tag: 'endpoints', summary: 'Send a test to an endpoint' },
    description: 'A real, signed request, made now and within 20 s; it is no delivery and counts nowhere.',
    body: { schema: 'EndpointTestInput', example: { type: 'order.created' }, isOptional: true },
    answers: [
      {
        ...{ status: 200, description: 'What came of it, whatever the endpoint answered.' },
        content: { schema: 'EndpointTest', example: examples.testExample },
      },
    ],
    problems: ['payload_too_large', 'tested_recently'],
  },
  'GET /api/endpoints/{endpointId}/circuit': {
    ...{
      id: 'getCircuit',
      tag: 'endpoints',
      summary: 'Whether deliveries are held because an endpoint fails',
    },
    answers: [
      {
        ...{ status: 200, description: 'The circuit as it stands.' },
        content: { schema: 'Circuit', example: closed },
      },
    ],
  },
  'POST /api/endpoints/{endpointId}/circuit/reset': {
    ...{ id: 'resetCircuit', tag: 'endpoints', summary: 'Close the circuit of an endpoint by hand' },
    description: 'All failures are forgotten, and what was held is released in steps.',
    answers: [
      {
        ...{ status: 200, description: 'The circuit as it stands now.' },
        content: { schema: 'Circuit', example: closed },
      },
    ],
  },
};
