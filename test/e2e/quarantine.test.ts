import { describe, expect, it } from 'vitest';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { encodeMessage } from '#core/message/codec.ts';
import { deadLetterTools } from '#test/support/dead-letters.ts';
import { eventOf } from '#test/support/deliveries.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;
const tools = deadLetterTools(local);
const { call, endpointFor, post, reaches, deadLetters, finished, redrive } = tools;
const { queueNamed, send, moveDeadLetters, eventTable } = tools;

describe('quarantine', () => {
  it('holds a delivery that our own function cannot finish, and the fourth time makes it a dead letter', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id, type } = await endpointFor(target);
    const fault = local.stack.proxy.faults.add({
      match: ({ principal, action, input }) =>
        principal.startsWith('Hook0Deliver') && action === 'PutItem' && JSON.stringify(input).includes(id),
      kind: 'unavailable',
    });
    const eventId = await post(type);
    await waitFor('the failure', async () => fault.hits > 0);
    // What SQS does after twelve receives, hours later.
    const applicationId = 'default';
    const message = { v: 1, kind: 'delivery', applicationId, endpointId: id, eventId } as const;
    const body = encodeMessage({ ...message, priority: 'normal', generation: 1, first: true });
    await send('Quarantine', body);
    await reaches(id, eventId, { status: 'held', heldFor: 'internal' });
    const deliveries = createDeliveryStore(eventTable());
    const held = await deliveries.get(id, eventId);
    if (!held) throw new Error('the held delivery has no item');
    // What happens over the next hours.
    const state = { status: 'queued', dueAt: Date.now() } as const;
    await deliveries.store({ ...held, revision: held.revision + 1, quarantines: 3, state });
    await send('Quarantine', body);
    await reaches(id, eventId, { status: 'dead', reason: 'internal' });
    fault.remove();
    await waitFor('the dead letter', async () => (await deadLetters(id)).length === 1);
    await finished(await redrive({ endpointId: id }));
    await reaches(id, eventId, { status: 'succeeded', generation: 2 });
  });

  it('disables the endpoint that said it is gone, where deliver could not', async () => {
    const target = await testReceiver(() => ({ status: 410 }));
    const { id, type } = await endpointFor(target);
    const fault = local.stack.proxy.faults.add({
      match: ({ principal, action }) => principal.startsWith('Hook0Deliver') && action === 'UpdateItem',
      kind: 'unavailable',
    });
    const eventId = await post(type);
    await reaches(id, eventId, { status: 'dead', reason: 'gone' });
    await waitFor('the failure', async () => fault.hits > 0);
    const statusOf = () => api.expect(200, 'GET', `/api/endpoints/${id}`);
    expect(await statusOf()).toMatchObject({ status: 'active' });
    const message = { v: 1, kind: 'delivery', applicationId: 'default', endpointId: id, eventId } as const;
    await send('Quarantine', encodeMessage({ ...message, priority: 'normal', generation: 1, first: true }));
    await waitFor('it to be disabled', async () => (await statusOf()).status === 'disabled');
    expect(await statusOf()).toMatchObject({ statusReason: '410_gone' });
    fault.remove();
  });

  it('keeps what nobody can read in the dead-letter queue, as it was, over a move too', async () => {
    const body = '{"v":1,"kind":"nonsense"}';
    const lines = (text: string) => JSON.stringify(local.stack.logs()).split(text).length - 1;
    await send('Quarantine', body);
    await waitFor('it to be set aside', async () => lines('set-aside') > 0);
    await moveDeadLetters();
    await waitFor('it to be put back', async () => lines('unreadable message returned') > 0);
    const { url } = await queueNamed('DeadLetter');
    const found = await waitFor('the message', async () => {
      const { Messages } = await call('sqs', 'ReceiveMessage', {
        ...{ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 1 },
      });
      return ((Messages ?? []) as { Body: string }[]).find(({ Body }) => Body === body);
    });
    expect(found.Body).toBe(body);
  });

  it('sends an unfinished segment to the fan-out again', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id } = await endpointFor(target);
    const matched = Array.from({ length: 51 }, () => ({ endpointId: id, priority: 'normal' as const }));
    const events = createEventStore(eventTable());
    const event = eventOf({ timestamp: Date.now(), deliverAt: Date.now(), endpointCount: 51 });
    await events.createSegments(event, matched.slice(0, 1));
    await events.create(event);
    const sent: string[] = [];
    local.stack.proxy.faults.observe({
      before: ({ principal, action, input }) => {
        if (principal.startsWith('Hook0Quarantine') && action === 'SendMessageBatch')
          sent.push(JSON.stringify(input));
      },
    });
    const applicationId = 'default';
    const message = { v: 1, kind: 'fan-out', applicationId, eventId: event.id, segment: 0 } as const;
    await send('Quarantine', encodeMessage(message));
    const [again = ''] = await waitFor('the segment', async () => sent.length > 0 && sent);
    expect(again).toContain('FanOut');
    expect(again).toContain(JSON.stringify(encodeMessage({ ...message, again: 1 })).slice(1, -1));
  });
});

describe('reconcile', () => {
  it('queues an accepted delivery that has neither an item nor a message', async () => {
    const target = await testReceiver(() => ({ status: 200 }));
    const { id, type } = await endpointFor(target);
    const timestamp = Date.now() - 2 * 60 * 60_000;
    const endpoints = [{ endpointId: id, priority: 'normal' as const }];
    const lost = eventOf({ type, timestamp, deliverAt: timestamp, endpointCount: 1, endpoints });
    await createEventStore(eventTable()).create(lost);
    const since = new Date(timestamp - 1_000).toISOString();
    const walk = () => local.stack.invoke('Hook0Reconcile', { since });
    // The schedule runs too: a pass of its own that is under way may take the place of this one.
    await waitFor('a finished pass', async () =>
      JSON.stringify(await walk())
        .replaceAll('\\', '')
        .includes('"finished":true'),
    );
    const [request] = await target.until(({ length }) => length > 0);
    expect(request?.headers['webhook-id']).toBe(lost.id);
    await reaches(id, lost.id, { status: 'succeeded', generation: 1 });
    await walk();
    expect(target.requests).toHaveLength(1);
  });
});
