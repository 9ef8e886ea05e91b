import * as examples from '../examples.ts';
import type { Operations } from '../operation.ts';

const problems = [
  ...(['payload_too_large', 'rate_limited'] as const),
  ...(['idempotency_key_reused', 'idempotency_in_progress'] as const),
] as const;

export const eventOperations: Operations = {
  'POST /api/events': {
    ...{ id: 'postEvent', tag: 'events', summary: 'Post an event' },
    description:
      '202 means that it is stored, and that every matched delivery is queued or held. Post again after a 5xx or no answer, with the same Idempotency-Key.',
    body: { schema: 'EventInput', example: examples.eventInput },
    answers: [
      {
        ...{ status: 202, description: 'Accepted.', headers: ['idempotent-replayed'] },
        content: { schema: 'Accepted', example: examples.acceptedExample },
      },
    ],
    problems: [...problems, 'payload_schema', 'event_type_archived'],
    headers: ['idempotencyKey'],
  },
  'POST /api/events/batch': {
    ...{ id: 'postEvents', tag: 'events', summary: 'Post 1 to 100 events' },
    description: 'Each has a result of its own, in order: one that is not valid does not refuse the others.',
    body: { schema: 'EventBatchInput', example: { events: [examples.eventInput] } },
    answers: [
      {
        ...{ status: 202, description: 'At least one was accepted, or none was valid.' },
        headers: ['idempotent-replayed'],
        content: { schema: 'BatchAnswer', example: { results: [examples.acceptedExample] } },
      },
    ],
    problems,
    headers: ['idempotencyKey'],
  },
  'GET /api/events': {
    ...{ id: 'listEvents', tag: 'events', summary: 'List events, newest first' },
    answers: [
      {
        ...{ status: 200, description: 'A page of events without their payloads.' },
        content: { schema: 'EventPage', example: examples.page(examples.eventSummaryExample) },
      },
    ],
  },
  'GET /api/events/{eventId}': {
    ...{ id: 'getEvent', tag: 'events', summary: 'One event with its deliveries' },
    description: 'limit and cursor are of the deliveries, of which there may be ten thousand.',
    answers: [
      {
        ...{ status: 200, description: 'The event and a page of its deliveries with their attempts.' },
        content: { schema: 'Event', example: examples.eventExample },
      },
    ],
  },
  'DELETE /api/events/{eventId}': {
    ...{ id: 'deleteEvent', tag: 'events', summary: 'Delete an event' },
    description: 'Its payload is gone at once, and what is on its way is cancelled.',
    answers: [
      { status: 204, description: 'Deleted, and its deliveries have ended.' },
      {
        ...{ status: 202, description: 'Deleted; its many deliveries end behind the answer, see Location.' },
        headers: ['location'],
        content: { schema: 'StartedTask', example: { taskId: examples.ids.task } },
      },
    ],
  },
};
