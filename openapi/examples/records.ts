import { defaultLimits } from '#core/application/limits.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import { toApi, toDeadLetter } from '#core/delivery/delivery-view.ts';
import { createEndpointInputs } from '#core/endpoint/endpoint-input.ts';
import { endpointView } from '#core/endpoint/endpoint-view.ts';
import { newEndpoint } from '#core/endpoint/new-endpoint.ts';
import { rotated, rotationLimits, secretsView } from '#core/endpoint/rotate-secret.ts';
import { pack } from '#core/event/compression.ts';
import type { StoredEvent } from '#core/event/event.ts';
import { newEventType } from '#core/event-type/event-type-input.ts';
import { eventTypeView } from '#core/event-type/event-type-view.ts';
import { deliveryId } from '#core/id/ids.ts';
import { strictPolicy } from '#core/outbound/target-url.ts';
import { re2 } from '#core/regex/re2.ts';
import { newTask, progressed } from '#core/task/task.ts';
import { taskView } from '#core/task/task-view.ts';
import { defaultCapabilities, portalLife } from '#core/token/capability.ts';
import { applicationView } from '#lambdas/api/views/application-view.ts';
import { eventSummary, eventText } from '#lambdas/api/views/event-view.ts';
import { tokenView } from '#lambdas/api/views/token-view.ts';

// The code that makes answers makes the examples, from a few records that never change.

const endpoint = 'ep_01k7h8v3c4ezt9q5r6w7x8y9za';
const event = 'evt_01k7h9b2d5f7hakcmepgrjtvwx';
export const ids = {
  endpoint,
  event,
  delivery: deliveryId(endpoint, event),
  task: 'tsk_01k7h9c3e6g8jbmdnfqhskvwxy',
};

/** Epoch milliseconds. */
export const whenPosted = Date.UTC(2026, 0, 31, 12);
export const applicationId = 'default';

export const endpointInput = {
  name: 'Order Processing',
  url: 'https://your-app.example/webhooks',
  events: ['order.created', 'order.*'],
  filters: {
    logic: 'AND',
    conditions: [{ field: 'payload.order.amount', operator: 'gt', value: 100 }],
  },
};

const configured = newEndpoint(createEndpointInputs(strictPolicy).parse(endpointInput), {
  id: endpoint,
  applicationId,
  now: whenPosted,
  secret: 'whsec_ZXhhbXBsZS1zZWNyZXQtb2YtMjQtYnl0ZXM=',
});
export const endpointExample = endpointView(
  { endpoint: configured, state: { status: 'active', since: whenPosted } },
  whenPosted,
);
export const pausedExample = endpointView(
  { endpoint: configured, state: { status: 'paused', since: whenPosted } },
  whenPosted,
);
export const secretExample = {
  secret: configured.secrets[0]?.value,
  ...secretsView(configured, whenPosted),
};

export const eventMatchingExample = {
  endpointId: endpoint,
  name: 'Order Processing',
  outcome: 'filter',
  explanation:
    '/filters/conditions/0: payload.order.amount gt the number 500 does not hold; received the number 299.99',
  conditions: [
    {
      pointer: '/filters/conditions/0',
      field: 'payload.order.amount',
      operator: 'gt',
      value: 500,
      received: 'the number 299.99',
    },
  ],
  changedSince: false,
};

export const examplePayload = { order: { id: 'ORD-12345', amount: 299.99 } };
export const eventInput = {
  type: 'order.created',
  source: 'ecommerce-app',
  payload: examplePayload,
  options: { priority: 'high', tags: ['urgent'] },
};

const stored: StoredEvent = {
  id: event,
  applicationId,
  type: 'order.created',
  source: 'ecommerce-app',
  tags: ['urgent'],
  timestamp: whenPosted,
  deliverAt: whenPosted,
  endpointCount: 1,
  payload: pack(Buffer.from(JSON.stringify(examplePayload))),
  endpoints: [{ endpointId: endpoint, priority: 'high' }],
};

const succeeded: Delivery = {
  applicationId,
  endpointId: endpoint,
  eventId: event,
  priority: 'high',
  generation: 1,
  attemptCount: 1,
  createdAt: whenPosted,
  revision: 2,
  state: { status: 'succeeded', settledAt: whenPosted + 120 },
  attempts: [
    {
      number: 1,
      generation: 1,
      startedAt: whenPosted + 35,
      duration: 85,
      success: true,
      statusCode: 200,
      responseHeaders: {},
      responseBody: 'ok',
      retryable: false,
    },
  ],
};
export const deliveryExample = toApi(succeeded, whenPosted + 500);
export const deadLetterExample = toDeadLetter(
  {
    ...succeeded,
    state: { status: 'dead', settledAt: whenPosted + 120, reason: 'exhausted' },
    attempts: [
      {
        number: 1,
        generation: 1,
        startedAt: whenPosted + 35,
        duration: 85,
        success: false,
        statusCode: 500,
        responseHeaders: {},
        responseBody: 'down for maintenance',
        retryable: true,
      },
    ],
  },
  whenPosted + 500,
);
export const retriedExample = toApi(
  {
    ...succeeded,
    generation: 2,
    attemptCount: 0,
    attempts: [],
    state: { status: 'queued', dueAt: whenPosted + 60_000 },
  },
  whenPosted + 500,
);

export const eventSummaryExample = eventSummary(stored);
export const eventExample: unknown = JSON.parse(
  eventText(stored, { deliveries: [deliveryExample], nextCursor: null }),
);
export const acceptedExample = { success: true, eventId: event, webhookCount: 1 };

const replay = newTask(ids.task, applicationId, { kind: 'replay', eventId: event }, whenPosted);
export const taskExample = taskView(progressed(replay, { started: 1, skipped: 0 }, whenPosted + 500));

export const applicationExample = applicationView(
  {
    id: 'acme',
    name: 'Acme',
    metadata: { tier: 'gold' },
    createdAt: whenPosted,
    updatedAt: whenPosted,
  },
  defaultLimits,
);
export const tokenExample = tokenView({
  id: 'tok_01k7h9d4f7h9kcneogritlvwxz',
  applicationId,
  name: 'shop',
  scopes: ['ingest'],
  createdAt: whenPosted,
});

export const page = (item: unknown) => ({ data: [item], nextCursor: null });

export const secretsExample = secretsView(
  rotated(configured, 'whsec_YW5vdGhlci1zZWNyZXQtb2YtMjQtYnl0ZXM=', rotationLimits.overlap, whenPosted),
  whenPosted,
);

export const eventTypeInput = {
  name: 'order.created',
  description: 'An order was placed.',
  schema: { type: 'object', required: ['order'] },
  example: examplePayload,
};
export const eventTypeExample = eventTypeView(newEventType(applicationId, eventTypeInput, re2, whenPosted));

export const testExample = {
  success: true,
  eventId: 'evt_test_01k7h9e5g8jahmdpgrjtvwxyza',
  eventType: 'hook0.ping',
  attempt: deliveryExample.attempts[0],
};

export const portalTokenExample = tokenView({
  id: 'tok_01k7h9f6h9kbjneqhskvwxyz0a',
  applicationId,
  name: 'portal',
  scopes: [],
  capabilities: defaultCapabilities,
  createdAt: whenPosted,
  expiresAt: whenPosted + portalLife.default,
});
