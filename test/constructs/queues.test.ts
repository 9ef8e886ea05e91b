import { describe, expect, it } from 'vitest';
import { ofType, synthesized } from './synthesized.ts';

const dev = synthesized({
  highConcurrency: 7,
  slowConcurrency: 3,
  tasksConcurrency: 4,
  deliverBatchSize: 8,
  fanOutBatchSize: 2,
  tasksBatchSize: 9,
  lowBatchWindow: 20,
});
const queues = Object.fromEntries(
  ofType(dev, 'AWS::SQS::Queue').map(([id, { Properties }]) => [id, Properties]),
);

describe('queues', () => {
  // name: [dead-letter queue, receives before a message goes there, visibility timeout in seconds]
  const expected = {
    Hook0HighQueue: ['Hook0QuarantineQueue', 12, 270],
    Hook0NormalQueue: ['Hook0QuarantineQueue', 12, 270],
    // Messages that wait to share an invocation are already received.
    Hook0LowQueue: ['Hook0QuarantineQueue', 12, 290],
    Hook0RetryQueue: ['Hook0QuarantineQueue', 12, 270],
    Hook0SlowQueue: ['Hook0QuarantineQueue', 12, 270],
    Hook0FanOutQueue: ['Hook0QuarantineQueue', 12, 270],
    Hook0RedriveQueue: ['Hook0DeadLetterQueue', 12, 270],
    Hook0DeadLetterQueue: [undefined, undefined, undefined],
    Hook0QuarantineQueue: [undefined, undefined, 270],
    Hook0RollupFailedQueue: [undefined, undefined, undefined],
  };

  it('keep their logical ids, so that messages survive a refactoring', () => {
    expect(Object.keys(queues).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))(
    '%s has its dead-letter queue and visibility timeout',
    (id, [target, receives, visibility]) => {
      const redrive = target && {
        deadLetterTargetArn: { 'Fn::GetAtt': [target, 'Arn'] },
        maxReceiveCount: receives,
      };

      expect(queues[id]?.RedrivePolicy).toEqual(redrive);
      expect(queues[id]?.VisibilityTimeout).toBe(visibility);
    },
  );

  it('are standard, encrypted, unnamed and keep messages for 14 days', () => {
    for (const properties of Object.values(queues)) {
      expect(properties).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * 24 * 3600,
      });
      expect(properties.FifoQueue).toBeUndefined();
      expect(properties.QueueName).toBeUndefined();
    }
  });

  it('refuse plain HTTP', () => {
    const refusing = ofType(dev, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);

    expect(refusing).toHaveLength(10);
    for (const properties of refusing) {
      expect(properties).toMatchObject({
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
        },
      });
    }
  });
});

describe('consumers', () => {
  const ofQueues = ofType(dev, 'AWS::Lambda::EventSourceMapping').filter(([id]) => id.includes('Messages'));
  const mappings = ofQueues.map(([id, { Properties }]) => ({
    consumer: /^Hook0(.+)Messages/.exec(id)?.[1],
    queue: (Properties.EventSourceArn as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0],
    ...(Properties as {
      BatchSize: number;
      MaximumBatchingWindowInSeconds?: number;
      FunctionResponseTypes: string[];
      ScalingConfig: object;
    }),
  }));

  it('have a queue each, so that none takes the concurrency of another', () => {
    const wiring = mappings.map(({ consumer, queue, BatchSize, ScalingConfig }) => [
      consumer,
      queue,
      BatchSize,
      ScalingConfig,
    ]);

    expect(wiring).toEqual([
      ['FanOut', 'Hook0FanOutQueue', 2, { MaximumConcurrency: 10 }],
      ['DeliverHigh', 'Hook0HighQueue', 8, { MaximumConcurrency: 7 }],
      ['DeliverNormal', 'Hook0NormalQueue', 8, { MaximumConcurrency: 100 }],
      ['DeliverLow', 'Hook0LowQueue', 8, { MaximumConcurrency: 20 }],
      ['DeliverRetry', 'Hook0RetryQueue', 8, { MaximumConcurrency: 50 }],
      ['DeliverSlow', 'Hook0SlowQueue', 8, { MaximumConcurrency: 3 }],
      ['Tasks', 'Hook0RedriveQueue', 9, { MaximumConcurrency: 4 }],
      ['Quarantine', 'Hook0QuarantineQueue', 1, { MaximumConcurrency: 2 }],
    ]);
  });

  it('wait to share an invocation only for priority low', () => {
    const windows = mappings.flatMap(({ consumer, MaximumBatchingWindowInSeconds: seconds }) =>
      seconds === undefined ? [] : [[consumer, seconds]],
    );

    expect(windows).toEqual([['DeliverLow', 20]]);
  });

  it('have default batch sizes', () => {
    const sizes = ofType(synthesized(), 'AWS::Lambda::EventSourceMapping')
      // Leaves out the stream.
      .filter(([, { Properties }]) => Properties.StartingPosition === undefined)
      .map(([, { Properties }]) => Properties.BatchSize);

    expect(sizes).toEqual([1, 10, 10, 10, 10, 10, 10, 1]);
  });

  it('report failures message by message', () => {
    for (const { FunctionResponseTypes } of mappings)
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it('finish long before their messages become visible again', () => {
    for (const { queue, FunctionName } of mappings as unknown as {
      queue: string;
      FunctionName: { Ref: string };
    }[]) {
      const timeout = Number(dev.resources[FunctionName.Ref]?.Properties.Timeout);
      expect(Number(queues[queue]?.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * timeout);
    }
  });
});
