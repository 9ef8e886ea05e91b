import { describe, expect, it } from 'vitest';
import type { Hook0Client } from '#sdk/src/client/client.ts';
import { UnexpectedAnswerError } from '#sdk/src/client/errors.ts';
import { operations } from '#sdk/src/generated/operations.ts';
import { example, type Step, scriptedClient } from '#test/support/scripted-client.ts';

const event = { type: 'order.created', payload: 1 };

/** A call of each operation: what makes it, and what it answers by its status. */
const calls: Readonly<Record<string, (client: Hook0Client) => Promise<unknown>>> = {
  'cancelTask 200': ({ tasks }) => tasks.cancel('x'),
  'createApplication 201': ({ applications }) => applications.create({ name: 'a' }),
  'createEndpoint 201': ({ endpoints }) =>
    endpoints.create({ name: 'a', url: 'https://a.example.com', events: ['*'] }),
  'createEndpoint 204': ({ endpoints }) =>
    endpoints.check({ name: 'a', url: 'https://a.example.com', events: ['*'] }),
  'createEventType 201': ({ eventTypes }) => eventTypes.create({ name: 'a' }),
  'createEventType 204': ({ eventTypes }) => eventTypes.check({ name: 'a' }),
  'createPortalToken 201': ({ applications }) => applications.createPortalToken('x'),
  'createToken 201': ({ tokens }) => tokens.create({ name: 'a', scopes: ['read'] }),
  'deleteApplication 202': ({ applications }) => applications.delete('x', { confirm: 'x' }),
  'deleteApplication 204': ({ applications }) => applications.delete('x'),
  'deleteEndpoint 204': ({ endpoints }) => endpoints.delete('x'),
  'deleteEvent 202': ({ events }) => events.delete('x'),
  'deleteEvent 204': ({ events }) => events.delete('x'),
  'deleteEventType 204': ({ eventTypes }) => eventTypes.delete('x'),
  'deleteToken 204': ({ tokens }) => tokens.delete('x'),
  'disableEndpoint 200': ({ endpoints }) => endpoints.disable('x'),
  'enableEndpoint 200': ({ endpoints }) => endpoints.enable('x'),
  'getApplication 200': ({ applications }) => applications.get('x'),
  'getCircuit 200': ({ endpoints }) => endpoints.circuit('x'),
  'getDelivery 200': ({ deliveries }) => deliveries.get('x'),
  'getEndpoint 200': ({ endpoints }) => endpoints.get('x'),
  'getEndpointSecret 200': ({ endpoints }) => endpoints.secret('x'),
  'getEndpointStats 200': ({ endpoints }) => endpoints.stats('x'),
  'getEvent 200': ({ events }) => events.get('x'),
  'getEventType 200': ({ eventTypes }) => eventTypes.get('x'),
  'getMetrics 200': ({ metrics }) => metrics.get(),
  'getStats 200': (client) => client.stats(),
  'getTask 200': ({ tasks }) => tasks.get('x'),
  'getOwnToken 200': ({ tokens }) => tokens.current(),
  'getToken 200': ({ tokens }) => tokens.get('x'),
  'listApplications 200': ({ applications }) => applications.list(),
  'listDeadLetters 200': ({ deadLetters }) => deadLetters.list(),
  'listDeliveries 200': ({ endpoints }) => endpoints.deliveries('x'),
  'listEndpoints 200': ({ endpoints }) => endpoints.list(),
  'listEventTypes 200': ({ eventTypes }) => eventTypes.list(),
  'listEventMatching 200': ({ events }) => events.matching('x'),
  'listEvents 200': ({ events }) => events.list(),
  'listTasks 200': ({ tasks }) => tasks.list(),
  'listTokens 200': ({ tokens }) => tokens.list(),
  'pauseEndpoint 200': ({ endpoints }) => endpoints.pause('x'),
  'postEvent 202': (client) => client.sendEvent(event),
  'postEvents 202': (client) => client.sendEvents([event]),
  'recoverEndpoint 202': ({ endpoints }) => endpoints.recover('x', { since: '2026-11-24T16:00:00Z' }),
  'redriveDeadLetters 202': ({ deadLetters }) => deadLetters.redrive(),
  'replayEvent 202': ({ events }) => events.replay('x'),
  'resetCircuit 200': ({ endpoints }) => endpoints.resetCircuit('x'),
  'resumeEndpoint 200': ({ endpoints }) => endpoints.resume('x'),
  'retryDelivery 202': ({ deliveries }) => deliveries.retry('x'),
  'rotateSecret 200': ({ endpoints }) => endpoints.rotateSecret('x'),
  'scrapeMetrics 200': ({ metrics }) => metrics.text(),
  'testEndpoint 200': ({ endpoints }) => endpoints.test('x'),
  'updateApplication 200': ({ applications }) => applications.update('x', {}),
  'updateEndpoint 200': ({ endpoints }) => endpoints.update('x', {}),
  'updateEventType 200': ({ eventTypes }) => eventTypes.update('x', {}),
  'updateToken 200': ({ tokens }) => tokens.update('x', {}),
};

const each = Object.entries(calls).map(([key, call]) => {
  const [name = '', status] = key.split(' ');
  return { key, name, status: Number(status), call, operation: operations[name as keyof typeof operations] };
});

const html = { body: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } };
const elsewhere: Step = { status: 302, headers: { location: 'https://login.example.com/' } };

/** Answers that are not the API's, although their status may be. */
function strangers(name: string, status: number): readonly Step[] {
  const any = [
    { status: 200, ...html },
    { status: 200 },
    { status: 200, body: {} },
    { status: 200, body: [] },
  ];
  if (status === 204) return [...any, elsewhere];
  if (name === 'scrapeMetrics') return [...any, elsewhere, { status, body: '' }];
  const wrong = [{ data: [{}], nextCursor: 5 }, null, 'ok', { success: true, results: [] }];
  return [
    ...any,
    elsewhere,
    { status, ...html },
    { status, body: '' },
    ...wrong.map((body) => ({ status, body })),
  ];
}

describe('the client', () => {
  it('calls every operation of the table', () => {
    const documented = Object.entries(operations).flatMap(([name, { answers }]) =>
      Object.keys(answers).map((status) => `${name} ${status}`),
    );
    expect(Object.keys(calls).sort()).toEqual(documented.sort());
  });

  it.each(each)(
    'sends $key, and returns the documented answer',
    async ({ name, status, call, operation }) => {
      const step = example(name, status);
      const { client, requests } = scriptedClient([step]);
      const answer = await call(client);
      const body = step instanceof Error ? undefined : step.body;
      expect(answer).toEqual(name === 'postEvents' ? (body as { results: unknown }).results : body);
      const { pathname } = new URL(String(requests[0]?.url));
      expect(`${requests[0]?.method} ${pathname}`).toBe(
        `${operation.method} ${operation.path.replace(/\{\w+\}/, 'x')}`,
      );
    },
  );

  it.each(each)('takes nothing else for $key, and says what answered', async ({ name, status, call }) => {
    for (const step of strangers(name, status)) {
      const { client, requests } = scriptedClient([step]);
      const error = await call(client).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UnexpectedAnswerError);
      expect(String(error)).toContain(`: ${step instanceof Error ? '' : step.status} `);
      expect(requests).toHaveLength(1);
    }
  });
});
