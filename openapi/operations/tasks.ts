import * as examples from '../examples.ts';
import type { Answer, Operations } from '../operation.ts';

const started: Answer = {
  ...{ status: 202, description: 'It goes on behind the answer; follow it at Location.' },
  headers: ['location'],
  content: { schema: 'StartedTask', example: { taskId: examples.ids.task } },
};

const shown: Answer = {
  ...{ status: 200, description: 'The task as it stands.' },
  content: { schema: 'Task', example: examples.taskExample },
};

export const taskOperations: Operations = {
  'POST /api/dead-letters/redrive': {
    ...{ id: 'redriveDeadLetters', tag: 'tasks', summary: 'Start dead letters again' },
    description: 'Those named, those of one endpoint, or all of the application.',
    body: { schema: 'RedriveInput', example: { endpointId: examples.ids.endpoint }, isOptional: true },
    answers: [started],
    problems: ['wrong_state'],
  },
  'POST /api/events/{eventId}/replay': {
    ...{ id: 'replayEvent', tag: 'tasks', summary: 'Send an event again' },
    description: 'To those that have not had it, or to the endpoints named, even if they have.',
    body: { schema: 'ReplayInput', example: { endpointIds: [examples.ids.endpoint] }, isOptional: true },
    answers: [started],
    problems: ['wrong_state'],
  },
  'GET /api/tasks/{taskId}': {
    ...{ id: 'getTask', tag: 'tasks', summary: 'How far a task is' },
    answers: [shown],
  },
  'POST /api/tasks/{taskId}/cancel': {
    ...{ id: 'cancelTask', tag: 'tasks', summary: 'Stop a task' },
    description: 'What it started stays started. Repeating it is no error.',
    answers: [shown],
    problems: ['wrong_state'],
  },
};
