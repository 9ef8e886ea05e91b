import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Task } from '../../core/task/task.ts';
import { delaySeconds } from './delays.ts';
import { createQueue } from './queue.ts';

/** Queues the message that asks for a task's next step. Delay in milliseconds; rejects when it is refused. */
export function createTaskQueue(client: SQSClient, queueUrl: string) {
  const queue = createQueue({ client, queueUrl });
  return async (task: Pick<Task, 'id' | 'applicationId' | 'step'>, delay: number): Promise<void> => {
    const body = { v: 1, kind: 'task', taskId: task.id, step: task.step } as const;
    // Fairness between tenants: each gets its turn, however many tasks another has started.
    const message = { body, groupId: task.applicationId, delaySeconds: delaySeconds(delay) };
    const { failed, cause } = await queue.send([message]);
    if (failed.length > 0) throw new Error(`the redrive queue refused task ${task.id}`, { cause });
  };
}
