// Made by `npm run sdk:types`. Do not edit.

import type {
  Accepted,
  Application,
  ApplicationPage,
  ApplicationRemoval,
  ApplicationStats,
  BatchAnswer,
  Circuit,
  DeadLetterPage,
  Delivery,
  DeliveryPage,
  Endpoint,
  EndpointPage,
  EndpointStats,
  EndpointTest,
  Event,
  EventMatchingPage,
  EventPage,
  EventType,
  EventTypePage,
  Metrics,
  NewPortalToken,
  NewToken,
  SigningSecret,
  SigningSecrets,
  StartedTask,
  Task,
  TaskPage,
  Token,
  TokenPage,
} from './api-types.ts';

/** What each operation answers, by status. */
export interface Answers {
  readonly createApplication: { readonly 201: Application };
  readonly listApplications: { readonly 200: ApplicationPage };
  readonly getApplication: { readonly 200: Application };
  readonly updateApplication: { readonly 200: Application };
  readonly deleteApplication: { readonly 202: ApplicationRemoval; readonly 204: undefined };
  readonly createPortalToken: { readonly 201: NewPortalToken };
  readonly listDeadLetters: { readonly 200: DeadLetterPage };
  readonly redriveDeadLetters: { readonly 202: StartedTask };
  readonly getDelivery: { readonly 200: Delivery };
  readonly retryDelivery: { readonly 202: Delivery };
  readonly createEndpoint: { readonly 201: Endpoint; readonly 204: undefined };
  readonly listEndpoints: { readonly 200: EndpointPage };
  readonly getEndpoint: { readonly 200: Endpoint };
  readonly updateEndpoint: { readonly 200: Endpoint };
  readonly deleteEndpoint: { readonly 204: undefined };
  readonly getCircuit: { readonly 200: Circuit };
  readonly resetCircuit: { readonly 200: Circuit };
  readonly listDeliveries: { readonly 200: DeliveryPage };
  readonly disableEndpoint: { readonly 200: Endpoint };
  readonly enableEndpoint: { readonly 200: Endpoint };
  readonly pauseEndpoint: { readonly 200: Endpoint };
  readonly recoverEndpoint: { readonly 202: StartedTask };
  readonly resumeEndpoint: { readonly 200: Endpoint };
  readonly rotateSecret: { readonly 200: SigningSecrets };
  readonly getEndpointSecret: { readonly 200: SigningSecret };
  readonly getEndpointStats: { readonly 200: EndpointStats };
  readonly testEndpoint: { readonly 200: EndpointTest };
  readonly createEventType: { readonly 201: EventType; readonly 204: undefined };
  readonly listEventTypes: { readonly 200: EventTypePage };
  readonly getEventType: { readonly 200: EventType };
  readonly updateEventType: { readonly 200: EventType };
  readonly deleteEventType: { readonly 204: undefined };
  readonly listEvents: { readonly 200: EventPage };
  readonly postEvent: { readonly 202: Accepted };
  readonly postEvents: { readonly 202: BatchAnswer };
  readonly getEvent: { readonly 200: Event };
  readonly deleteEvent: { readonly 202: StartedTask; readonly 204: undefined };
  readonly listEventMatching: { readonly 200: EventMatchingPage };
  readonly replayEvent: { readonly 202: StartedTask };
  readonly getMetrics: { readonly 200: Metrics };
  readonly getStats: { readonly 200: ApplicationStats };
  readonly listTasks: { readonly 200: TaskPage };
  readonly getTask: { readonly 200: Task };
  readonly cancelTask: { readonly 200: Task };
  readonly getOwnToken: { readonly 200: Token };
  readonly createToken: { readonly 201: NewToken };
  readonly listTokens: { readonly 200: TokenPage };
  readonly getToken: { readonly 200: Token };
  readonly updateToken: { readonly 200: Token };
  readonly deleteToken: { readonly 204: undefined };
  readonly scrapeMetrics: { readonly 200: string };
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The shape of the answer by its status; `text`, or nothing when there is no body. */
  readonly answers: Readonly<Record<number, string>>;
}

export const operations: Readonly<Record<keyof Answers, Operation>> = {
  createApplication: { method: 'POST', path: '/api/applications', answers: { 201: 'Application' } },
  listApplications: { method: 'GET', path: '/api/applications', answers: { 200: 'ApplicationPage' } },
  getApplication: { method: 'GET', path: '/api/applications/{applicationId}', answers: { 200: 'Application' } },
  updateApplication: { method: 'PATCH', path: '/api/applications/{applicationId}', answers: { 200: 'Application' } },
  deleteApplication: { method: 'DELETE', path: '/api/applications/{applicationId}', answers: { 202: 'ApplicationRemoval', 204: '' } },
  createPortalToken: { method: 'POST', path: '/api/applications/{applicationId}/portal-tokens', answers: { 201: 'NewPortalToken' } },
  listDeadLetters: { method: 'GET', path: '/api/dead-letters', answers: { 200: 'DeadLetterPage' } },
  redriveDeadLetters: { method: 'POST', path: '/api/dead-letters/redrive', answers: { 202: 'StartedTask' } },
  getDelivery: { method: 'GET', path: '/api/deliveries/{deliveryId}', answers: { 200: 'Delivery' } },
  retryDelivery: { method: 'POST', path: '/api/deliveries/{deliveryId}/retry', answers: { 202: 'Delivery' } },
  createEndpoint: { method: 'POST', path: '/api/endpoints', answers: { 201: 'Endpoint', 204: '' } },
  listEndpoints: { method: 'GET', path: '/api/endpoints', answers: { 200: 'EndpointPage' } },
  getEndpoint: { method: 'GET', path: '/api/endpoints/{endpointId}', answers: { 200: 'Endpoint' } },
  updateEndpoint: { method: 'PATCH', path: '/api/endpoints/{endpointId}', answers: { 200: 'Endpoint' } },
  deleteEndpoint: { method: 'DELETE', path: '/api/endpoints/{endpointId}', answers: { 204: '' } },
  getCircuit: { method: 'GET', path: '/api/endpoints/{endpointId}/circuit', answers: { 200: 'Circuit' } },
  resetCircuit: { method: 'POST', path: '/api/endpoints/{endpointId}/circuit/reset', answers: { 200: 'Circuit' } },
  listDeliveries: { method: 'GET', path: '/api/endpoints/{endpointId}/deliveries', answers: { 200: 'DeliveryPage' } },
  disableEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/disable', answers: { 200: 'Endpoint' } },
  enableEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/enable', answers: { 200: 'Endpoint' } },
  pauseEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/pause', answers: { 200: 'Endpoint' } },
  recoverEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/recover', answers: { 202: 'StartedTask' } },
  resumeEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/resume', answers: { 200: 'Endpoint' } },
  rotateSecret: { method: 'POST', path: '/api/endpoints/{endpointId}/rotate-secret', answers: { 200: 'SigningSecrets' } },
  getEndpointSecret: { method: 'GET', path: '/api/endpoints/{endpointId}/secret', answers: { 200: 'SigningSecret' } },
  getEndpointStats: { method: 'GET', path: '/api/endpoints/{endpointId}/stats', answers: { 200: 'EndpointStats' } },
  testEndpoint: { method: 'POST', path: '/api/endpoints/{endpointId}/test', answers: { 200: 'EndpointTest' } },
  createEventType: { method: 'POST', path: '/api/event-types', answers: { 201: 'EventType', 204: '' } },
  listEventTypes: { method: 'GET', path: '/api/event-types', answers: { 200: 'EventTypePage' } },
  getEventType: { method: 'GET', path: '/api/event-types/{eventType}', answers: { 200: 'EventType' } },
  updateEventType: { method: 'PATCH', path: '/api/event-types/{eventType}', answers: { 200: 'EventType' } },
  deleteEventType: { method: 'DELETE', path: '/api/event-types/{eventType}', answers: { 204: '' } },
  listEvents: { method: 'GET', path: '/api/events', answers: { 200: 'EventPage' } },
  postEvent: { method: 'POST', path: '/api/events', answers: { 202: 'Accepted' } },
  postEvents: { method: 'POST', path: '/api/events/batch', answers: { 202: 'BatchAnswer' } },
  getEvent: { method: 'GET', path: '/api/events/{eventId}', answers: { 200: 'Event' } },
  deleteEvent: { method: 'DELETE', path: '/api/events/{eventId}', answers: { 202: 'StartedTask', 204: '' } },
  listEventMatching: { method: 'GET', path: '/api/events/{eventId}/matching', answers: { 200: 'EventMatchingPage' } },
  replayEvent: { method: 'POST', path: '/api/events/{eventId}/replay', answers: { 202: 'StartedTask' } },
  getMetrics: { method: 'GET', path: '/api/metrics', answers: { 200: 'Metrics' } },
  getStats: { method: 'GET', path: '/api/stats', answers: { 200: 'ApplicationStats' } },
  listTasks: { method: 'GET', path: '/api/tasks', answers: { 200: 'TaskPage' } },
  getTask: { method: 'GET', path: '/api/tasks/{taskId}', answers: { 200: 'Task' } },
  cancelTask: { method: 'POST', path: '/api/tasks/{taskId}/cancel', answers: { 200: 'Task' } },
  getOwnToken: { method: 'GET', path: '/api/token', answers: { 200: 'Token' } },
  createToken: { method: 'POST', path: '/api/tokens', answers: { 201: 'NewToken' } },
  listTokens: { method: 'GET', path: '/api/tokens', answers: { 200: 'TokenPage' } },
  getToken: { method: 'GET', path: '/api/tokens/{tokenId}', answers: { 200: 'Token' } },
  updateToken: { method: 'PATCH', path: '/api/tokens/{tokenId}', answers: { 200: 'Token' } },
  deleteToken: { method: 'DELETE', path: '/api/tokens/{tokenId}', answers: { 204: '' } },
  scrapeMetrics: { method: 'GET', path: '/metrics', answers: { 200: 'text' } },
};

/** The members that an answer must have, with their JSON types. `Name` is a shape, and `Name[]` a list of them. */
export const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Accepted: { success: 'true', eventId: 'string', webhookCount: 'number' },
  Application: { id: 'string', name: 'string', metadata: 'object', limits: 'object', createdAt: 'string', updatedAt: 'string' },
  ApplicationPage: { data: 'Application[]', nextCursor: 'string|null' },
  ApplicationRemoval: { id: 'string', status: 'string' },
  ApplicationStats: { applicationId: 'string', events: 'number', since: 'string', until: 'string', totals: 'object', series: 'array', topFailingEndpoints: 'array' },
  Attempt: { number: 'number', generation: 'number', startedAt: 'string', duration: 'number', success: 'boolean', retryable: 'boolean' },
  BatchAnswer: { results: 'array' },
  Circuit: { state: 'string', failures: 'number' },
  DeadLetter: { id: 'string', eventId: 'string', endpointId: 'string', status: 'string', generation: 'number', attempts: 'Attempt[]', createdAt: 'string', finalError: 'string', retryCount: 'number', timestamp: 'string' },
  DeadLetterPage: { data: 'DeadLetter[]', nextCursor: 'string|null' },
  Delivery: { id: 'string', eventId: 'string', endpointId: 'string', status: 'string', generation: 'number', attempts: 'Attempt[]', createdAt: 'string' },
  DeliveryPage: { data: 'Delivery[]', nextCursor: 'string|null' },
  Endpoint: { id: 'string', applicationId: 'string', name: 'string', url: 'string', events: 'array', headers: 'object', timeout: 'number', priority: 'string', retryConfig: 'RetryPolicy', circuitBreaker: 'object', circuit: 'Circuit', rateLimit: 'object|null', security: 'object', filters: 'Filter|null', metadata: 'object', status: 'string', statusSince: 'string', createdAt: 'string', updatedAt: 'string' },
  EndpointPage: { data: 'Endpoint[]', nextCursor: 'string|null' },
  EndpointStats: { endpointId: 'string', since: 'string', until: 'string', totals: 'object', series: 'array' },
  EndpointTest: { success: 'boolean', eventId: 'string', eventType: 'string', attempt: 'Attempt' },
  Event: { id: 'string', applicationId: 'string', type: 'string', tags: 'array', timestamp: 'string', webhookCount: 'number', deliveries: 'Delivery[]', nextCursor: 'string|null' },
  EventMatching: { endpointId: 'string', name: 'string', outcome: 'string', explanation: 'string', changedSince: 'boolean' },
  EventMatchingPage: { data: 'EventMatching[]', nextCursor: 'string|null' },
  EventPage: { data: 'EventSummary[]', nextCursor: 'string|null' },
  EventSummary: { id: 'string', applicationId: 'string', type: 'string', tags: 'array', timestamp: 'string', webhookCount: 'number' },
  EventType: { name: 'string', applicationId: 'string', description: 'string|null', archived: 'boolean', createdAt: 'string', updatedAt: 'string' },
  EventTypePage: { data: 'EventType[]', nextCursor: 'string|null' },
  Filter: { logic: 'string', conditions: 'array' },
  Metrics: { metrics: 'object', after: 'string|null' },
  NewPortalToken: { id: 'string', applicationId: 'string', name: 'string', createdAt: 'string', kind: 'string', capabilities: 'array', token: 'string' },
  NewToken: { id: 'string', applicationId: 'string', name: 'string', createdAt: 'string', scopes: 'array', token: 'string' },
  RetryPolicy: { strategy: 'string', maxAttempts: 'number', jitter: 'boolean', retryableStatuses: 'array' },
  SigningSecret: { secret: 'string', createdAt: 'string', previous: 'array' },
  SigningSecrets: { createdAt: 'string', previous: 'array' },
  StartedTask: { taskId: 'string' },
  Task: { id: 'string', type: 'string', status: 'string', dryRun: 'boolean', processed: 'number', started: 'number', skipped: 'number', createdAt: 'string', updatedAt: 'string' },
  TaskPage: { data: 'Task[]', nextCursor: 'string|null' },
  Token: { id: 'string', applicationId: 'string', name: 'string', createdAt: 'string' },
  TokenPage: { data: 'Token[]', nextCursor: 'string|null' },
};
