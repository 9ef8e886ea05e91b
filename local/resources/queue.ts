import { AwsCallError } from '../aws-protocol/client.ts';
import { physicalName, queueArn, queueUrl } from '../template/names.ts';
import { optionalText } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';

const attributeNames = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
] as const;

/** AWS::SQS::Queue. The engine stores the RedriveAllowPolicy but does not enforce it. */
export const queue: ResourceType = {
  known: ['QueueName', ...attributeNames],
  ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled', 'Tags'],
  create: async (resource, world) => {
    const suffix = optionalText(resource, 'FifoQueue') === 'true' ? '.fifo' : '';
    const QueueName =
      optionalText(resource, 'QueueName') ??
      `${physicalName(world.stackName, resource.logicalId, 80 - suffix.length)}${suffix}`;
    const Attributes = attributesOf(resource);
    try {
      await world.engines.call('sqs', 'CreateQueue', { QueueName, Attributes });
    } catch (error) {
      if (!(error instanceof AwsCallError) || !error.name.includes('QueueNameExists')) throw error;
      const QueueUrl = queueUrl('http://sqs', QueueName);
      await world.engines.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    }
    // SDK clients send a call to the host of the queue's URL, which must be the proxy.
    const ref = queueUrl(world.proxy.origin, QueueName);
    return { ref, attributes: { Arn: queueArn(QueueName), QueueName, QueueUrl: ref } };
  },
};

function attributesOf(resource: Declared): Record<string, string> {
  return Object.fromEntries(
    attributeNames.flatMap((name) => {
      const value = resource.properties[name];
      if (value === undefined) return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
