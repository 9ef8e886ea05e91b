import { uuidOf } from '#core/id/ids.ts';
import * as examples from '../examples.ts';
import type { Operations } from '../operation.ts';

const application_id = '018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42';
const words = 'Types are three words here: service, resource type and verb.';
const example = {
  ...{ service_name: 'shop', resource_type_name: 'order', verb_name: 'created' },
  event_type_name: 'shop.order.created',
};

export const hook0V1Operations: Operations = {
  'POST /api/v1/event': {
    ...{ id: 'postV1Event', tag: 'original Hook0', summary: 'Post an event as to the original Hook0' },
    description:
      'An event_id is accepted once a day: a repeat gets 409 event_already_ingested. Labels become the tags `key:value`. Problems carry the id of the original beside our code.',
    body: {
      schema: 'V1EventInput',
      example: {
        ...{ application_id, event_type: 'shop.order.created', labels: { region: 'eu' } },
        ...{ payload: JSON.stringify(examples.examplePayload), payload_content_type: 'application/json' },
        occurred_at: '2026-01-31T12:00:00Z',
      },
    },
    answers: [
      {
        ...{ status: 201, description: 'Accepted.' },
        content: {
          schema: 'V1Accepted',
          example: {
            ...{ application_id, event_id: uuidOf(examples.ids.event) },
            received_at: new Date(examples.whenPosted).toISOString(),
            eventId: examples.ids.event,
          },
        },
      },
    ],
    problems: [
      ...(['payload_content_type', 'payload_not_json', 'payload_too_large'] as const),
      ...(['event_already_ingested', 'event_type_archived', 'payload_schema', 'rate_limited'] as const),
    ],
  },
  'GET /api/v1/event_types': {
    ...{ id: 'listV1EventTypes', tag: 'original Hook0', summary: 'List event types as the original does' },
    description: `${words} Others are left out. At most 1,000 are looked at.`,
    answers: [
      {
        ...{ status: 200, description: 'The event types.' },
        content: { schema: 'V1EventTypes', example: [example] },
      },
    ],
  },
  'POST /api/v1/event_types': {
    ...{ id: 'createV1EventType', tag: 'original Hook0', summary: 'Register a type as with the original' },
    description: `${words} Registering one that stands is no error.`,
    body: {
      schema: 'V1EventTypeInput',
      example: { application_id, service: 'shop', resource_type: 'order', verb: 'created' },
    },
    answers: [
      {
        ...{ status: 201, description: 'Registered.' },
        content: { schema: 'V1EventType', example },
      },
    ],
    problems: ['limit_reached'],
  },
};
