import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '#local/faults/faults.ts';
import { faultyEvents } from '#test/support/faulty-events.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { action, allTries, by, mentions, puts } from '#test/support/stack-faults.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { api } = local;
const { subscribed, post, settled, idOf } = faultyEvents(api);

beforeAll(() => api.expect(202, 'POST', '/api/events', { type: 'warm.up', payload: 1 }));
afterEach(() => local.stack.proxy.faults.clear());

describe('trouble while a delivery is made', () => {
  const deliver = (matches: Fault['match']) => by('Hook0Deliver', matches);
  const rows: readonly {
    readonly step: string;
    readonly match: Fault['match'];
    readonly kinds: readonly FaultKind[];
    /** Requests that the receiver answers 500 first. */
    readonly failures?: number;
    readonly maxAttempts?: number;
    readonly ends?: string;
  }[] = [
    {
      step: 'reading the endpoint',
      match: action('BatchGetItem', 'GetItem', 'Query'),
      kinds: ['throttle', 'unavailable', 'timeout'],
    },
    {
      step: 'recording the outcome',
      match: puts('ENDPOINT#'),
      kinds: ['throttle', 'unavailable', 'drop-response'],
    },
    {
      step: 'recording a failure',
      match: puts('ENDPOINT#'),
      kinds: ['throttle', 'drop-response'],
      failures: 1,
    },
    {
      step: 'queueing the retry',
      match: action('SendMessageBatch'),
      kinds: ['throttle', 'unavailable', 'drop-response', 'partial-batch'],
      failures: 1,
    },
    {
      step: 'queueing the dead letter',
      match: action('SendMessageBatch'),
      kinds: ['unavailable', 'drop-response'],
      failures: 9,
      maxAttempts: 1,
      ends: 'dead',
    },
  ];

  it('brings the message back after a while, and the delivery settles once', async () => {
    const deadLetters = new Set<string>();
    local.stack.proxy.faults.observe({
      after: (call, { status }) => {
        if (status === 200 && mentions('"kind":"dead-letter"')(call))
          deadLetters.add(/evt_\w{26}/.exec(JSON.stringify(call.input))?.[0] ?? '');
      },
    });
    const troubled = rows.flatMap((row) => row.kinds.map((kind) => ({ ...row, kind })));
    const outcomes = await Promise.all(
      troubled.map(async ({ step, match, kind, failures = 0, maxAttempts = 3, ends = 'succeeded' }) => {
        const subscription = await subscribed(failures, { maxAttempts });
        const { endpointId, receiver, type } = subscription;
        const fault = local.stack.proxy.faults.add({
          match: deliver((call) => match(call) && mentions(endpointId)(call)),
          kind,
          // A call that hangs takes seconds for each try.
          times: kind === 'timeout' ? 1 : allTries,
        });
        const eventId = idOf(await post(type));
        const delivery = await settled(eventId);
        if (ends === 'dead') await waitFor('the dead letter', async () => deadLetters.has(eventId));
        const attempts = delivery?.attempts as { success: boolean }[];
        return {
          step: `${step} (${String(kind)})`,
          happened: fault.hits > 0,
          status: delivery?.status === ends ? 'as expected' : delivery,
          generation: delivery?.generation,
          successes: attempts.filter(({ success }) => success).length === (ends === 'dead' ? 0 : 1),
          webhookIds: receiver.requests.every(({ headers }) => headers['webhook-id'] === eventId),
        };
      }),
    );
    expect(outcomes).toEqual(
      outcomes.map(({ step }) => ({
        step,
        happened: true,
        status: 'as expected',
        generation: 1,
        successes: true,
        webhookIds: true,
      })),
    );
  });
});
