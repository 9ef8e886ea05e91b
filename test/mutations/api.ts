import type { Mutation } from './mutation.ts';

const eventTypes = (name: string) => ({ file: 'test/contract/event-types.test.ts', name });
const rotating = (name: string) => ({ file: 'test/contract/control-rotation.test.ts', name });
const truthful = 'the OpenAPI document tells the truth';
const rotation = 'rotation: a secret signs until its overlap ends, and no longer';
const schemas = 'event types: a payload that breaks its schema is refused';
const foreign = 'tenants: foreign things are not there';
const takenDown = 'tenants: what is removed is gone';

/** What the API says and keeps to. */
export const apiMutations: readonly Mutation[] = [
  {
    promise: schemas,
    breaks: 'a payload that breaks its schema is taken',
    file: 'lambdas/core/event-type/type-check.ts',
    old: '    if (violations.length > 0) throw brokenSchema(name, violations);',
    new: '    if (violations.length > 20) throw brokenSchema(name, violations);',
    test: eventTypes('events of a registered type > pass its schema or are refused'),
  },
  {
    promise: schemas,
    breaks: 'the next event is still judged by the schema before',
    file: 'lambdas/core/event-type/type-check.ts',
    old: "[applicationId, name, schemaVersion].join(' ')",
    new: "[applicationId, name].join(' ')",
    test: eventTypes('events of a registered type > pass its schema or are refused'),
  },
  {
    promise: schemas,
    breaks: 'who starts from a snapshot knows of no schema',
    file: 'lambdas/core/routing/snapshot.ts',
    old: '    ...(rules && { eventTypes: rules.map(decodeRule) }),',
    new: '',
    test: eventTypes('events of a registered type > are checked by those who start from a snapshot'),
  },
  {
    promise: rotation,
    breaks: 'an old secret keeps signing after its overlap',
    file: 'lambdas/core/endpoint/live-secrets.ts',
    old: '.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)',
    new: '.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now - 86_400_000)',
    test: rotating('POST /api/endpoints/{id}/rotate-secret > lets receivers that know the old or the new'),
  },
  {
    promise: rotation,
    breaks: 'the old secret ends when the new one begins',
    file: 'lambdas/core/endpoint/rotate-secret.ts',
    old: '  const kept = overlap === 0 ? [] : older;',
    new: '  const kept = overlap === 0 ? older : [];',
    test: rotating('POST /api/endpoints/{id}/rotate-secret > lets receivers that know the old or the new'),
  },
  {
    promise: foreign,
    breaks: 'a delivery of another application is shown',
    file: 'lambdas/control/routes/deliveries.ts',
    old: 'if (delivery?.applicationId === applicationId) return',
    new: 'if (delivery !== undefined) return',
    test: {
      file: 'test/contract/access.test.ts',
      name: 'GET /api/deliveries/{deliveryId} > answers another application',
    },
  },
  {
    promise: foreign,
    breaks: 'a portal token may do what asks for no capability',
    file: 'lambdas/core/tenant/authorize.ts',
    old: '  return needed !== undefined && granted.includes(needed);',
    new: '  return needed === undefined || granted.includes(needed);',
    test: { file: 'test/contract/access.test.ts', name: 'GET /api/tokens > lets portal tokens in' },
  },
  {
    promise: foreign,
    breaks: 'a changed secret leaves the admin token that stood in it alive',
    file: 'lambdas/bootstrap/first-token.ts',
    old: '    if (other !== hash && id === idOf(other))',
    new: '    if (other === hash && id === idOf(other) && hash === "x")',
    test: { file: 'test/unit/bootstrap.test.ts', name: 'a secret that was changed > to a-token-of-my-own' },
  },
  {
    promise: takenDown,
    breaks: 'an application’s own tokens outlive it for a minute',
    file: 'lambdas/control/router.ts',
    old: '    if (route.inApplication === false && caller.isOperator) return;',
    new: '    if (route.inApplication === false || !caller.isOperator) return;',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > is gone at once',
    },
  },
  {
    promise: takenDown,
    breaks: 'deliveries of a removed application stay unsettled',
    file: 'lambdas/core/delivery/purge.ts',
    old: "  if (isSettled(delivery.state) && delivery.state.status !== 'dead') return undefined;",
    new: '  if (isSettled(delivery.state) || delivery.revision > 0) return undefined;',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > leaves nothing',
    },
  },
  {
    promise: takenDown,
    breaks: 'a crash between an endpoint and its deliveries forgets the deliveries',
    file: 'lambdas/scheduler/purge.ts',
    old: '  if (walked === undefined) await ports.doomed.takeDown(applicationId, endpointId);',
    new:
      '  if (walked === undefined) await ports.doomed.takeDown(applicationId, endpointId);\n' +
      '  await ports.doomed.forget(applicationId, endpointId);',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > is taken down whole',
    },
  },
  {
    promise: truthful,
    breaks: 'a task shows what its description does not know',
    file: 'lambdas/core/task/task.ts',
    old: '    ...{ id, type: work.kind, status, dryRun },',
    new: '    ...{ id, type: work.kind, status, dryRun, step: 0 },',
    test: {
      file: 'test/contract/control-dead-letters.test.ts',
      name: 'tasks > are cancelled once, and again without harm',
    },
  },
  {
    promise: truthful,
    breaks: 'a route asks for another scope than is written down',
    file: 'lambdas/ingest/routes.ts',
    old: "    path: '/api/events/batch',\n    scope: 'ingest',",
    new: "    path: '/api/events/batch',\n    scope: 'manage',",
    test: {
      file: 'test/unit/openapi.test.ts',
      name: 'the OpenAPI document > is committed as the source says it',
    },
  },
  {
    promise: truthful,
    breaks: 'the document allows more than is accepted',
    file: 'lambdas/core/event/event-schema.ts',
    old: '  tags: 20,',
    new: '  tags: 21,',
    test: {
      file: 'test/unit/openapi.test.ts',
      name: 'the OpenAPI document > is committed as the source says it',
    },
  },
  {
    promise: foreign,
    breaks: 'a delivery of another application is shown',
    file: 'lambdas/control/routes/deliveries.ts',
    old: 'if (delivery?.applicationId === applicationId) return json(',
    new: 'if (delivery !== undefined) return json(',
    test: {
      file: 'test/contract/access.test.ts',
      name: 'GET /api/deliveries/{deliveryId} > answers another application',
    },
  },
  {
    promise: foreign,
    breaks: 'a delivery of another application is shown',
    file: 'lambdas/control/routes/deliveries.ts',
    old: '        if (delivery?.applicationId === applicationId) return json(200, await eventDeliveries.tell(delivery));',
    new: '        if (delivery !== undefined) return json(200, await eventDeliveries.tell(delivery));',
    test: {
      file: 'test/contract/access.test.ts',
      name: 'GET /api/deliveries/{deliveryId} > answers another application',
    },
  },
];
