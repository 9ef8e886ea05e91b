import { AwsCallError } from '../aws-protocol/client.ts';
import { asList, asObject, type JsonObject } from '../json/json.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { list, object, optionalText } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';
import type { World } from './world.ts';

/** AWS::DynamoDB::GlobalTable (TableV2) and AWS::DynamoDB::Table: keys, indexes, stream, time to live. */
export const globalTable: ResourceType = {
  known: [
    'TableName',
    'AttributeDefinitions',
    'KeySchema',
    'GlobalSecondaryIndexes',
    'LocalSecondaryIndexes',
    'StreamSpecification',
    'TimeToLiveSpecification',
  ],
  ignored: [
    'BillingMode',
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'KinesisStreamSpecification',
    'MultiRegionConsistency',
    'OnDemandThroughput',
    'PointInTimeRecoverySpecification',
    'ProvisionedThroughput',
    'Replicas',
    'ResourcePolicy',
    'SSESpecification',
    'TableClass',
    'Tags',
    'WarmThroughput',
    'WriteOnDemandThroughputSettings',
    'WriteProvisionedThroughputSettings',
  ],
  create: async (resource, world) => {
    const name =
      optionalText(resource, 'TableName') ?? physicalName(world.stackName, resource.logicalId, 255);
    const description = await createOrAdapt(name, resource, world);
    await enableTimeToLive(name, resource, world);
    const attributes: Record<string, unknown> = { Arn: arnOf('dynamodb', `table/${name}`), TableId: name };
    const engineStreamArn = description.LatestStreamArn;
    if (typeof engineStreamArn === 'string') {
      const streamArn = arnOf('dynamodb', engineStreamArn.split(':').slice(5).join(':'));
      world.streams.set(streamArn, engineStreamArn);
      attributes.StreamArn = streamArn;
    }
    return { ref: name, attributes };
  },
};

async function createOrAdapt(name: string, resource: Declared, world: World): Promise<JsonObject> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    resource.properties;
  const stream = object(resource, 'StreamSpecification');
  const StreamSpecification =
    stream.StreamViewType === undefined
      ? undefined
      : { StreamEnabled: true, StreamViewType: stream.StreamViewType };
  try {
    const answer = await world.engines.call('dynamodb', 'CreateTable', {
      TableName: name,
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes:
        list(resource, 'GlobalSecondaryIndexes').length > 0 ? indexes(resource) : undefined,
      LocalSecondaryIndexes,
      StreamSpecification,
      BillingMode: 'PAY_PER_REQUEST',
    });
    return asObject(answer.TableDescription);
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.name !== 'ResourceInUseException') throw error;
  }
  // The data directory has the table already. The template may have new indexes or a stream.
  const existing = asObject(
    (await world.engines.call('dynamodb', 'DescribeTable', { TableName: name })).Table,
  );
  const update = (change: object) =>
    world.engines.call('dynamodb', 'UpdateTable', { TableName: name, AttributeDefinitions, ...change });
  const known = new Set(namesOf(existing.GlobalSecondaryIndexes));
  for (const index of GlobalSecondaryIndexes === undefined ? [] : indexes(resource)) {
    if (!known.has(String(index.IndexName)))
      await update({ GlobalSecondaryIndexUpdates: [{ Create: index }] });
  }
  if (StreamSpecification === undefined || existing.LatestStreamArn !== undefined) return existing;
  return asObject((await update({ StreamSpecification })).TableDescription);
}

/** Without throughput settings, which the engine does not know. */
function indexes(resource: Declared): readonly JsonObject[] {
  return list(resource, 'GlobalSecondaryIndexes').map((index) => {
    const { IndexName, KeySchema, Projection } = asObject(index);
    return { IndexName, KeySchema, Projection };
  });
}

async function enableTimeToLive(name: string, resource: Declared, world: World): Promise<void> {
  const { AttributeName, Enabled } = object(resource, 'TimeToLiveSpecification');
  if (Enabled !== true && Enabled !== 'true') return;
  const answer = await world.engines.call('dynamodb', 'DescribeTimeToLive', { TableName: name });
  if (asObject(answer.TimeToLiveDescription).TimeToLiveStatus === 'ENABLED') return;
  const TimeToLiveSpecification = { AttributeName, Enabled: true };
  await world.engines.call('dynamodb', 'UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
}

function namesOf(value: unknown): readonly string[] {
  return asList(value).map((index) => String(asObject(index).IndexName));
}
