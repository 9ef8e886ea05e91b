import { breaking } from './mutation.ts';

const registered = 'events of a registered type >';
const rotatesSecret = 'POST /api/endpoints/{id}/rotate-secret > lets receivers that know the old or the new';
const committedDocument = 'the OpenAPI document > is committed as the source makes it';

export const schemasHold = breaking('event types: a payload that breaks its schema is refused', [
  {
    breaks: 'a payload that breaks its schema is accepted',
    symbol: 'createTypeCheck',
    from: 'violations.length > 0',
    to: 'violations.length > 20',
    test: `${registered} pass its schema or are refused`,
  },
  {
    breaks: 'the next event is still checked against the previous schema',
    symbol: 'createTypeCheck',
    from: '[applicationId, name, schemaVersion]',
    to: '[applicationId, name]',
    test: `${registered} pass its schema or are refused`,
  },
  {
    breaks: 'a function that starts from a snapshot knows of no schema',
    symbol: 'unpackRoutes',
    from: 'eventTypes: rules.map(decodeRule)',
    to: 'eventTypes: []',
    test: `${registered} are checked after a start from a snapshot`,
  },
]);

export const secretsOverlap = breaking('rotation: a secret signs until its overlap ends, and no longer', [
  {
    breaks: 'an old secret signs after its overlap',
    symbol: 'liveSecrets',
    from: 'expiresAt > now',
    to: 'expiresAt > now - 86_400_000',
    test: rotatesSecret,
  },
  {
    breaks: 'the old secret ends when the new one begins',
    symbol: 'rotated',
    from: 'overlap === 0 ? [] : older',
    to: 'overlap === 0 ? older : []',
    test: rotatesSecret,
  },
]);

export const foreignIsHidden = breaking('applications: what belongs to another one cannot be seen', [
  {
    breaks: 'a delivery of another application is shown',
    symbol: 'deliveryRoutes',
    from: 'if (delivery?.applicationId === applicationId) return',
    to: 'if (delivery !== undefined) return',
    test: 'GET /api/deliveries/{deliveryId} > answers 404 for resources of another application',
  },
  {
    breaks: 'a portal token may use routes that name no capability',
    symbol: 'authorize.permits',
    from: 'needed !== undefined && granted.includes(needed)',
    to: 'needed === undefined || granted.includes(needed)',
    test: 'GET /api/tokens > accepts portal tokens with its capability only',
  },
  {
    breaks: 'a route for every token is open to portal tokens only',
    symbol: 'auth.createAuthenticate',
    from: "requiredScope !== 'any'",
    to: 'token.capabilities === undefined',
    test: 'GET /api/token > answers a token of the application with the scope ingest',
  },
  {
    breaks: 'the admin token of a secret that was changed still works',
    symbol: 'bootstrap',
    from: 'other !== hash && id === idOf(other)',
    to: 'other === hash && id === idOf(other) && hash === "x"',
    test: 'a secret that was changed > to a-token-of-my-own',
  },
]);

export const truthfulDocument = breaking('the OpenAPI document tells the truth', [
  {
    breaks: 'a task shows a field that its schema does not have',
    symbol: 'taskView',
    from: 'type: work.kind, status, dryRun,',
    to: 'type: work.kind, status, dryRun, ...{ step: 0 },',
    test: 'tasks > can be cancelled twice without harm',
  },
  {
    breaks: 'a route asks for another scope than the document says',
    symbol: 'ingestRoutes',
    from: "'/api/events/batch', scope: 'ingest'",
    to: "'/api/events/batch', scope: 'manage'",
    test: committedDocument,
  },
  {
    breaks: 'the document allows more than the API accepts',
    symbol: 'eventLimits.tags',
    from: '20',
    to: '21',
    test: committedDocument,
  },
]);
