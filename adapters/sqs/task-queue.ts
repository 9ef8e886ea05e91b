import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Task } from '#core/task/task.ts';
import { createQueue } from './queue.ts';
import { sendOne } from './send-one.ts';

/** Queues the message that asks for a task's next step. Delay in milliseconds; rejects when it is refused. */
export function createTaskQueue(client: SQSClient, queueUrl: string) {
  const queue = createQueue({ client, queueUrl });
  return async (task: Pick<Task, 'id' | 'applicationId' | 'step'>, delay: number): Promise<void> => {
    const body = { v: 1, kind: 'task', taskId: task.id, step: task.step } as const;
    // Fairness between tenants: each gets its turn, however many tasks another has started.
    await sendOne(queue, { body, groupId: task.applicationId, delay }, `task ${task.id}`);
  };
}
