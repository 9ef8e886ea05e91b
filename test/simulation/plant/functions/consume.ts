import type { Handled } from '#core/message/received.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import { handleMessage } from '#lambdas/fan-out/handle-message.ts';
import { handleQuarantined } from '#lambdas/quarantine/handle-message.ts';
import { handleTaskMessage } from '#lambdas/tasks/handle-message.ts';
import type { Queued, QueueName } from '../queues.ts';
import type { Services } from '../services.ts';
import { fanOutPorts, quarantinePorts, tasksPorts } from './background.ts';
import { deliverPorts } from './deliver.ts';

/** The function that consumes a queue. */
export function consumerOf(queue: QueueName): string {
  if (queue === 'fan-out' || queue === 'quarantine') return queue;
  return queue === 'redrive' ? 'tasks' : 'deliver';
}

export async function consume(services: Services, message: Queued): Promise<Handled> {
  const { queue, body, receives, group } = message;
  const received = { body, receiptHandle: 'r', receiveCount: receives, groupId: group };
  switch (queue) {
    case 'fan-out':
      return handleMessage(received, fanOutPorts(services, message));
    case 'redrive':
      await handleTaskMessage(received, tasksPorts(services));
      return 'done';
    case 'quarantine':
      return handleQuarantined(body, quarantinePorts(services));
    case 'dead-letter':
      throw new Error('no function consumes the dead-letter queue');
    default:
      return handleDelivery(received, deliverPorts(services, queue, message));
  }
}
