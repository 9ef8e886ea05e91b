import { describe, expect, it } from 'vitest';
import { deliveryKey, eventKey, segmentKey, statsKey } from '#adapters/dynamodb/table/event-keys.ts';
import { recordFilter } from '#local/event-sources/filter-criteria.ts';
import { ofType, synthesized } from './synthesized.ts';

const dev = synthesized();
const [, mapping] =
  ofType(dev, 'AWS::Lambda::EventSourceMapping').find(([id]) => id.startsWith('Hook0RollupChanges')) ?? [];

describe('the stream of the event table', () => {
  it('has the images before and after a change', () => {
    expect(dev.resources.Hook0EventTable?.Properties).toMatchObject({
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(dev.resources.Hook0ConfigTable?.Properties).not.toHaveProperty('StreamSpecification');
  });

  it('is read in batches of up to a minute, whose failures do not block a shard and are recorded', () => {
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['Hook0EventTable', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 60,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Hook0RollupFailedQueue', 'Arn'] } } },
    });
  });

  const wakes = recordFilter(mapping?.Properties.FilterCriteria, 'rollup');
  const change = (eventName: string, { pk, sk }: { pk: string; sk: string }, status?: string) => ({
    eventName,
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      NewImage: status === undefined ? {} : { status: { S: status } },
    },
  });
  const delivery = deliveryKey({ endpointId: 'ep_1', eventId: 'evt_1' });
  const hour = statsKey({ subject: { kind: 'endpoint', endpointId: 'ep_1' }, span: 0 });

  it.each([
    ['a first-try success', change('INSERT', delivery, 'succeeded'), true],
    ['a failed attempt', change('MODIFY', delivery, 'queued'), true],
    ['a claim', change('MODIFY', delivery, 'attempting'), false],
    ['a delivery that expired', change('REMOVE', delivery, 'succeeded'), false],
    ['a new event', change('INSERT', eventKey('acme', 'evt_1')), true],
    ['a changed event', change('MODIFY', eventKey('acme', 'evt_1')), false],
    ['a segment', change('INSERT', segmentKey('evt_1', 0)), false],
    ['a roll-up itself', change('INSERT', hour), false],
    ['a roll-up that grows', change('MODIFY', hour), false],
  ])('%s', (_, record, expected) => {
    expect(wakes(record)).toBe(expected);
  });
});
