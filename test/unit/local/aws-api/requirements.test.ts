import { describe, expect, it } from 'vitest';
import { attributeNames } from '#local/aws-api/requirements/attributes.ts';
import { dynamodbRequirements } from '#local/aws-api/requirements/dynamodb.ts';
import { sqsRequirements } from '#local/aws-api/requirements/sqs.ts';
import { sourceOfTask, taskHandle } from '#local/aws-api/services/move-task.ts';
import type { Call } from '#local/aws-protocol/call.ts';
import { splitBatch } from '#local/faults/partial-batch.ts';

const call = (service: Call['service'], action: string, input: object): Call => ({
  principal: 'F',
  service,
  action,
  input: { ...input },
});
const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/T';
const asked = (action: string, input: object) =>
  dynamodbRequirements(call('dynamodb', action, input), (_, index) =>
    index === undefined ? 'pk' : 'gpk',
  )?.map((request) => [request.action, request.resource, request.context.get('dynamodb:leadingkeys')]);
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
const T = { TableName: 'T' };

describe('what DynamoDB calls ask of IAM', () => {
  const cases: [name: string, action: string, input: object, expected: unknown][] = [
    ['GetItem', 'GetItem', { ...T, Key: key('A') }, [['dynamodb:GetItem', tableArn, ['A']]]],
    [
      'a table by its ARN',
      'GetItem',
      { TableName: tableArn, Key: key('A') },
      [['dynamodb:GetItem', tableArn, ['A']]],
    ],
    ['a numeric key', 'PutItem', { ...T, Item: { pk: { N: '7' } } }, [['dynamodb:PutItem', tableArn, ['7']]]],
    [
      'Query with aliases and a range',
      'Query',
      {
        ...T,
        KeyConditionExpression: '#s BETWEEN :a AND :b AND #p = :p',
        ExpressionAttributeNames: { '#p': 'pk', '#s': 'sk' },
        ExpressionAttributeValues: { ':p': { S: 'A' }, ':a': { S: '1' }, ':b': { S: '2' } },
      },
      [['dynamodb:Query', tableArn, ['A']]],
    ],
    [
      'Query of an index, the value first',
      'Query',
      {
        ...T,
        IndexName: 'I',
        KeyConditionExpression: ':g=gpk',
        ExpressionAttributeValues: { ':g': { S: 'G' } },
      },
      [['dynamodb:Query', `${tableArn}/index/I`, ['G']]],
    ],
    [
      'Query by KeyConditions',
      'Query',
      { ...T, KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'A' }] } } },
      [['dynamodb:Query', tableArn, ['A']]],
    ],
    ['Scan has no leading key', 'Scan', T, [['dynamodb:Scan', tableArn, undefined]]],
    [
      'BatchGetItem, once per table',
      'BatchGetItem',
      { RequestItems: { T: { Keys: [key('A'), key('B')] } } },
      [['dynamodb:BatchGetItem', tableArn, ['A', 'B']]],
    ],
    [
      'BatchWriteItem, puts and deletes',
      'BatchWriteItem',
      { RequestItems: { T: [{ PutRequest: { Item: key('A') } }, { DeleteRequest: { Key: key('B') } }] } },
      [['dynamodb:BatchWriteItem', tableArn, ['A', 'B']]],
    ],
    [
      'TransactWriteItems, each by its own action',
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { ...T, Item: key('A') } },
          { Update: { ...T, Key: key('B') } },
          { Delete: { ...T, Key: key('C') } },
          { ConditionCheck: { ...T, Key: key('D') } },
        ],
      },
      [
        ['dynamodb:PutItem', tableArn, ['A']],
        ['dynamodb:UpdateItem', tableArn, ['B']],
        ['dynamodb:DeleteItem', tableArn, ['C']],
        ['dynamodb:ConditionCheckItem', tableArn, ['D']],
      ],
    ],
    [
      'TransactGetItems',
      'TransactGetItems',
      { TransactItems: [{ Get: { ...T, Key: key('A') } }] },
      [['dynamodb:GetItem', tableArn, ['A']]],
    ],
    ['an action nobody knows', 'ExecuteStatement', {}, undefined],
  ];
  it.each(cases)('%s', (_, action, input, expected) => {
    expect(asked(action, input)).toEqual(expected);
  });

  it('finds the attributes that a request names, and no functions or keywords', () => {
    const named = attributeNames({
      Key: key('A'),
      UpdateExpression:
        'SET #s.inner = list_append(history, :h), b = if_not_exists(c, :z) REMOVE d[0] ADD e :one',
      ConditionExpression: 'attribute_exists(pk) AND NOT (f IN (:x, :y))',
      ExpressionAttributeNames: { '#s': 'state' },
    });
    expect([...(named ?? [])].sort()).toEqual(['b', 'c', 'd', 'e', 'f', 'history', 'pk', 'sk', 'state']);
    expect(attributeNames({ TableName: 'T' })).toBeUndefined();
  });
});

describe('what SQS calls ask of IAM', () => {
  const work = 'arn:aws:sqs:us-east-1:000000000000:work';
  const asks = (action: string, input: object) =>
    sqsRequirements(call('sqs', action, input), sourceOfTask)?.map((request) => [
      request.action,
      request.resource,
    ]);

  it.each([
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
  ])('%s asks for %s', (action, permission) => {
    expect(asks(action, { QueueUrl: 'http://x/000000000000/work' })).toEqual([[permission, work]]);
  });

  it('asks for all that a move does, and cancels by the source in the handle', () => {
    const destination = work.replace('work', 'redrive');
    const needed = asks('StartMessageMoveTask', { SourceArn: work, DestinationArn: destination });
    expect(needed).toContainEqual(['sqs:ReceiveMessage', work]);
    expect(needed).toContainEqual(['sqs:SendMessage', destination]);
    const TaskHandle = taskHandle('1', work);
    expect(asks('CancelMessageMoveTask', { TaskHandle })).toEqual([['sqs:CancelMessageMoveTask', work]]);
  });

  it('does not know the rest', () => {
    expect(asks('AddPermission', {})).toBeUndefined();
  });
});

describe('splitBatch', () => {
  const everySecond = (index: number) => index % 2 === 0;

  it('keeps results of PutEvents in the order of their entries', () => {
    const split = splitBatch(call('events', 'PutEvents', { Entries: [1, 2, 3] }), everySecond);
    expect(split?.forward).toEqual({ Entries: [2] });
    expect(split?.merge({ FailedEntryCount: 0, Entries: [{ EventId: 'two' }] })).toMatchObject({
      FailedEntryCount: 2,
      Entries: [{ ErrorCode: 'InternalFailure' }, { EventId: 'two' }, { ErrorCode: 'InternalFailure' }],
    });
  });

  it('forwards nothing when every entry fails, and still answers in full', () => {
    const reads = { RequestItems: { T: { Keys: [key('A')], ConsistentRead: true } } };
    const split = splitBatch(call('dynamodb', 'BatchGetItem', reads), () => true);
    expect(split?.forward).toBeUndefined();
    expect(split?.merge({})).toEqual({ Responses: {}, UnprocessedKeys: reads.RequestItems });
  });

  it('is for batches alone', () => {
    expect(splitBatch(call('sqs', 'SendMessage', {}), everySecond)).toBeUndefined();
  });
});
