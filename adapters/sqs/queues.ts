import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DispatchPorts } from '#core/delivery/dispatch.ts';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { LifecycleBus } from '#core/lifecycle/announce.ts';
import type { DeadLetterMessage } from '#core/message/message.ts';
import type { Task } from '#core/task/task.ts';
import { createSend, createSendOne } from './send.ts';

// Which message goes to which queue. Delays are milliseconds.

/** The URLs of the delivery queues, as the environment of a function names them. */
interface DeliveryQueues {
  readonly highQueue: string;
  readonly normalQueue: string;
  readonly lowQueue: string;
}

/**
 * Sends deliveries to the queue of their priority and returns those that it refused.
 *
 * @param client one without retries of its own, because a copy must not say that it is the first message
 * @param onRefused called with how many a queue refused, and why: they are held, so nothing else reports them
 */
export function createPriorityQueues(
  client: SQSClient,
  urls: DeliveryQueues,
  onRefused: (count: number, cause: unknown) => void,
): DispatchPorts['queue'] {
  const send = {
    high: createSend({ client, queueUrl: urls.highQueue }),
    normal: createSend({ client, queueUrl: urls.normalQueue }),
    low: createSend({ client, queueUrl: urls.lowQueue }),
  };
  return async (priority, messages) => {
    const { failed, cause } = await send[priority](messages);
    if (failed.length > 0) onRefused(failed.length, cause);
    return failed.flatMap((index) => messages[index] ?? []);
  };
}

/**
 * Queues wake-ups of deliveries that waited in the table: a retry to the retry queue, a first attempt to the queue of
 * its priority.
 */
export function createWake(
  client: SQSClient,
  urls: DeliveryQueues & { readonly retryQueue: string },
): ReleasePorts['wake'] {
  const send = {
    high: createSendOne({ client, queueUrl: urls.highQueue }),
    normal: createSendOne({ client, queueUrl: urls.normalQueue }),
    low: createSendOne({ client, queueUrl: urls.lowQueue }),
    retry: createSendOne({ client, queueUrl: urls.retryQueue }),
  };
  return async (delivery, body, delay) => {
    // A delivery that waits for its slot waits in the retry queue, so that it does not hold up first attempts.
    const hasSlot = 'slot' in delivery.state && delivery.state.slot !== undefined;
    const name = delivery.attempts.length > 0 || hasSlot ? 'retry' : delivery.priority;
    await send[name]({ body, groupId: delivery.endpointId, delay });
  };
}

/** Queues the message that asks for a task's next step; rejects when it is refused. */
export function createTaskQueue(client: SQSClient, queueUrl: string) {
  const send = createSendOne({ client, queueUrl });
  return ({ id, applicationId, step }: Pick<Task, 'id' | 'applicationId' | 'step'>, delay: number) =>
    // One group for each application, so that the many tasks of one do not hold up another's.
    send({ body: { v: 1, kind: 'task', taskId: id, step }, groupId: applicationId, delay });
}

/**
 * Queues the step of a drain that follows `step` (0 begins); rejects when it is refused.
 *
 * @param queueUrl of the fan-out queue, whose function takes the steps
 */
export function createDrainQueue(client: SQSClient, queueUrl: string) {
  const send = createSendOne({ client, queueUrl });
  return (
    { applicationId, endpointId }: { readonly applicationId: string; readonly endpointId: string },
    step = 0,
    delay = 0,
  ) => send({ body: { v: 1, kind: 'drain', applicationId, endpointId, step }, groupId: endpointId, delay });
}

/** Reports a delivery that died: to people through the dead-letter queue, to rules through the lifecycle bus. */
export function createDeadLetters(client: SQSClient, queueUrl: string, lifecycle: LifecycleBus) {
  const send = createSendOne({ client, queueUrl });
  return async (message: DeadLetterMessage): Promise<void> => {
    const { applicationId, endpointId, eventId, generation, reason } = message;
    await send({ body: message, groupId: endpointId, delay: 0 });
    await lifecycle.publish({
      type: 'delivery.dead',
      applicationId,
      endpointId,
      eventId,
      generation,
      reason,
    });
  };
}
