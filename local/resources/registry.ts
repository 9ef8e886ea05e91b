import { customResource } from './custom-resource.ts';
import { eventBus } from './event-bus.ts';
import { eventInvokeConfig } from './event-invoke-config.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { lambdaFunction } from './function.ts';
import { globalTable } from './global-table.ts';
import { httpApi, httpIntegration, httpRoute, httpStage } from './http-api.ts';
import { policy, queuePolicy, role } from './identity.ts';
import { kmsKey } from './kms-key.ts';
import { permission } from './permission.ts';
import { queue } from './queue.ts';
import type { Created, Declared, ResourceType } from './resource.ts';
import { rule } from './rule.ts';
import { secret } from './secret.ts';
import { subscription, topic } from './topic.ts';
import { hasNoLocalMeaning, nominalRef } from './without-local-meaning.ts';
import type { World } from './world.ts';

const resourceTypes: { readonly [type: string]: ResourceType } = {
  'AWS::ApiGatewayV2::Api': httpApi,
  'AWS::ApiGatewayV2::Integration': httpIntegration,
  'AWS::ApiGatewayV2::Route': httpRoute,
  'AWS::ApiGatewayV2::Stage': httpStage,
  'AWS::DynamoDB::GlobalTable': globalTable,
  'AWS::DynamoDB::Table': globalTable,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::Rule': rule,
  'AWS::IAM::ManagedPolicy': policy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::KMS::Key': kmsKey,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SecretsManager::Secret': secret,
};

/**
 * Creates one resource.
 *
 * @throws Error with logical id, type and property for anything that the local run does not know
 */
export async function createResource(resource: Declared, world: World): Promise<Created> {
  const { logicalId, type, properties } = resource;
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
    return customResource.create(resource, world);
  }
  if (hasNoLocalMeaning(type)) return { ref: nominalRef(world.stackName, logicalId) };
  const known = Object.hasOwn(resourceTypes, type) ? resourceTypes[type] : undefined;
  if (known === undefined) {
    throw new Error(
      `${logicalId}: the local run does not know the resource type ${type}; add it to local/resources/`,
    );
  }
  for (const name of Object.keys(properties)) {
    if (known.known.includes(name) || known.ignored?.includes(name) === true) continue;
    throw new Error(
      `${logicalId} (${type}): the local run does not know its property ${name}; add it to local/resources/`,
    );
  }
  return known.create(resource, world);
}
