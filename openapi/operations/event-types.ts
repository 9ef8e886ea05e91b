import * as examples from '../examples.ts';
import type { Answer, Operations } from '../operation.ts';

const shown = (description: string): Answer => ({
  ...{ status: 200, description },
  content: { schema: 'EventType', example: examples.eventTypeExample },
});

export const eventTypeOperations: Operations = {
  'POST /api/event-types': {
    ...{ id: 'createEventType', tag: 'event types', summary: 'Register a type of events' },
    description: 'Events of types that are not registered are taken too, whatever their payload.',
    body: { schema: 'EventTypeInput', example: examples.eventTypeInput },
    answers: [
      { ...shown('Registered.'), status: 201, headers: ['location'] },
      { status: 204, description: 'With dryRun=true: it would be registered.' },
    ],
    problems: ['already_exists', 'limit_reached'],
  },
  'GET /api/event-types': {
    ...{ id: 'listEventTypes', tag: 'event types', summary: 'List event types' },
    answers: [
      {
        ...{ status: 200, description: 'A page of event types.' },
        content: { schema: 'EventTypePage', example: examples.page(examples.eventTypeExample) },
      },
    ],
  },
  'GET /api/event-types/{eventType}': {
    ...{ id: 'getEventType', tag: 'event types', summary: 'One event type' },
    answers: [shown('The event type.')],
  },
  'PATCH /api/event-types/{eventType}': {
    ...{ id: 'updateEventType', tag: 'event types', summary: 'Change an event type' },
    description:
      'A merge patch (RFC 7396): what is left out stays, null removes. schema and example are replaced as a whole. The very next event is judged by it.',
    body: { schema: 'EventTypePatch', example: { archived: true } },
    answers: [shown('As it stands now.')],
  },
  'DELETE /api/event-types/{eventType}': {
    ...{ id: 'deleteEventType', tag: 'event types', summary: 'Remove an event type' },
    description: 'Its events are taken from then on, whatever their payload.',
    answers: [{ status: 204, description: 'Removed.' }],
  },
};
