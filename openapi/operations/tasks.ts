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
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/events/{eventId}/replay': {
    ...{ id: 'replayEvent', tag: 'tasks', summary: 'Send an event again' },
    description: 'To those that have not had it, or to the endpoints named, even if they have.',
    body: { schema: 'ReplayInput', example: { endpointIds: [examples.ids.endpoint] }, isOptional: true },
    answers: [started],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'POST /api/endpoints/{endpointId}/recover': {
    ...{ id: 'recoverEndpoint', tag: 'tasks', summary: 'Start again what an endpoint did not get' },
    description: 'Of the events between since and until, which is now where it is not given.',
    body: {
      schema: 'RecoverInput',
      example: { since: '2026-01-31T08:00:00Z', until: '2026-01-31T12:00:00Z' },
    },
    answers: [started],
    problems: ['wrong_state', 'too_many_tasks'],
  },
  'GET /api/tasks': {
    ...{ id: 'listTasks', tag: 'tasks', summary: 'List tasks, newest first' },
    answers: [
      {
        ...{ status: 200, description: 'A page of tasks.' },
        content: { schema: 'TaskPage', example: examples.page(examples.taskExample) },
      },
    ],
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
