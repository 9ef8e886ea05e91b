import { isObject } from '../json/json.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { list, optionalText, text } from './property.ts';
import type { ResourceType } from './resource.ts';

/** AWS::SNS::Topic. Messages go to queues and functions; for other subscribers the log has a line. */
export const topic: ResourceType = {
  known: ['Subscription', 'TopicName'],
  ignored: ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'Tags', 'TracingConfig'],
  create: (resource, world) => {
    const name =
      optionalText(resource, 'TopicName') ?? physicalName(world.stackName, resource.logicalId, 256);
    const arn = arnOf('sns', name);
    const subscriptions = list(resource, 'Subscription').flatMap((subscription) =>
      isObject(subscription)
        ? [{ protocol: String(subscription.Protocol), endpoint: String(subscription.Endpoint) }]
        : [],
    );
    world.topics.set(arn, subscriptions);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
};

/** AWS::SNS::Subscription. */
export const subscription: ResourceType = {
  known: ['Endpoint', 'Protocol', 'RawMessageDelivery', 'TopicArn'],
  ignored: ['DeliveryPolicy', 'RedrivePolicy', 'Region', 'SubscriptionRoleArn'],
  create: (resource, world) => {
    const topicArn = text(resource, 'TopicArn');
    const added = { protocol: text(resource, 'Protocol'), endpoint: text(resource, 'Endpoint') };
    world.topics.set(topicArn, [...(world.topics.get(topicArn) ?? []), added]);
    return { ref: `${topicArn}:${resource.logicalId}` };
  },
};
