import { recordFilter } from '../event-sources/filter-criteria.ts';
import { startSqsPoller } from '../event-sources/sqs-poller.ts';
import { type StreamRecord, startStreamPoller } from '../event-sources/stream-poller.ts';
import { asObject, asText } from '../json/json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { arnOf, functionArn, queueUrl } from '../template/names.ts';
import { fail, list, number, object, optionalText, text } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';
import type { World } from './world.ts';

/** Without a maximum Lambda starts with five invocations and scales. The local run stays at five. */
const defaultConcurrency = 5;

/** AWS::Lambda::EventSourceMapping for SQS queues and DynamoDB streams. */
export const eventSourceMapping: ResourceType = {
  known: [
    'BatchSize',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'Enabled',
    'EventSourceArn',
    'FilterCriteria',
    'FunctionName',
    'FunctionResponseTypes',
    'MaximumBatchingWindowInSeconds',
    'MaximumRetryAttempts',
    'ScalingConfig',
    'StartingPosition',
  ],
  ignored: ['KmsKeyArn', 'MaximumRecordAgeInSeconds', 'MetricsConfig', 'ParallelizationFactor', 'Tags'],
  create: (resource, world) => {
    const source = text(resource, 'EventSourceArn');
    const target = functionNamed(resource, world);
    const service = source.split(':')[2];
    if (service !== 'sqs' && service !== 'dynamodb')
      fail(resource, 'EventSourceArn', 'a queue or a DynamoDB stream');
    if (optionalText(resource, 'Enabled') !== 'false') {
      if (service === 'sqs') addQueue(resource, source, target, world);
      else addStream(resource, source, target, world);
    }
    const ref = `mapping-${resource.logicalId}`;
    return {
      ref,
      attributes: { Id: ref, EventSourceMappingArn: arnOf('lambda', `event-source-mapping:${ref}`) },
    };
  },
};

function addQueue(resource: Declared, queueArn: string, target: LambdaFunction, world: World): void {
  const maximum = object(resource, 'ScalingConfig').MaximumConcurrency;
  const maximumConcurrency = maximum === undefined ? defaultConcurrency : Number(maximum);
  target.allow(maximumConcurrency);
  const mapping = {
    ...shared(resource, target, world),
    queueUrl: queueUrl(world.proxy.origin, queueArn),
    queueArn,
    batchSize: number(resource, 'BatchSize', 10),
    maximumConcurrency,
  };
  world.pollers.push(() => startSqsPoller(mapping, world.meteredAs(target.settings.logicalId)));
}

function addStream(resource: Declared, streamArn: string, target: LambdaFunction, world: World): void {
  const destination = asText(asObject(object(resource, 'DestinationConfig').OnFailure).Destination) ?? '';
  const asFunction = world.meteredAs(target.settings.logicalId);
  const positions = world.state('stream-positions');
  const mapping = {
    ...shared(resource, target, world),
    streamArn,
    engineStreamArn:
      world.streams.get(streamArn) ?? fail(resource, 'EventSourceArn', 'a stream of this template'),
    startingPosition: startingPosition(resource),
    batchSize: number(resource, 'BatchSize', 100),
    maximumRetryAttempts: number(resource, 'MaximumRetryAttempts', -1),
    bisectOnError: optionalText(resource, 'BisectBatchOnFunctionError') === 'true',
    onGivenUp: (shard: string, records: readonly StreamRecord[]) => {
      world.logs.write('local', `${resource.logicalId}: ${records.length} stream records were given up`);
      if (!destination.startsWith('arn:aws:sqs:')) return;
      const QueueUrl = queueUrl(world.proxy.origin, destination);
      const MessageBody = JSON.stringify(givenUpNote(streamArn, shard, records));
      void asFunction.call('sqs', 'SendMessage', { QueueUrl, MessageBody }).catch((error: unknown) => {
        world.logs.write(
          'local',
          `${resource.logicalId}: the failure destination did not take the message: ${String(error)}`,
        );
      });
    },
    checkpoints: {
      get: (shard: string) => asText(positions.get(`${resource.logicalId}/${shard}`)),
      set: (shard: string, position: string) => positions.set(`${resource.logicalId}/${shard}`, position),
    },
  };
  world.pollers.push(() => startStreamPoller(mapping, { asFunction, aws: world.metered }));
}

/** Lambda's message about a batch that it gave up: its position, not its records (developer guide, "on-failure destinations"). */
function givenUpNote(streamArn: string, shardId: string, records: readonly StreamRecord[]) {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
      endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
      batchSize: records.length,
      streamArn,
    },
  };
}

function startingPosition(resource: Declared): 'LATEST' | 'TRIM_HORIZON' {
  const position = text(resource, 'StartingPosition');
  if (position === 'LATEST' || position === 'TRIM_HORIZON') return position;
  return fail(resource, 'StartingPosition', 'LATEST or TRIM_HORIZON');
}

function shared(resource: Declared, target: LambdaFunction, world: World) {
  return {
    windowMs: number(resource, 'MaximumBatchingWindowInSeconds', 0) * 1000,
    reportsItemFailures: list(resource, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    accepts: recordFilter(resource.properties.FilterCriteria, `${resource.logicalId}.FilterCriteria`),
    invoke: (payload: string) => target.invoke(payload),
    onError: (message: string) => world.logs.write('local', `${resource.logicalId}: ${message}`),
  };
}

function functionNamed(resource: Declared, world: World): LambdaFunction {
  const arn = functionArn(text(resource, 'FunctionName'));
  return world.invoker.find(arn) ?? fail(resource, 'FunctionName', 'a function of this template');
}
