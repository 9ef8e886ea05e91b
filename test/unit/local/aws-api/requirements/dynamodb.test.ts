import { describe, expect, it } from 'vitest';
import { dynamodbRequirements } from '#local/aws-api/requirements/dynamodb.ts';

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/T';
const asked = (action: string, input: object) =>
  dynamodbRequirements({ principal: 'F', service: 'dynamodb', action, input: { ...input } }, (_, index) =>
    index === undefined ? 'pk' : 'gpk',
  )?.map((request) => [request.action, request.resource, request.context.get('dynamodb:leadingkeys')]);
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
const T = { TableName: 'T' };

describe('the permissions of DynamoDB calls', () => {
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
    ['an unknown action', 'ExecuteStatement', {}, undefined],
  ];
  it.each(cases)('%s', (_, action, input, expected) => {
    expect(asked(action, input)).toEqual(expected);
  });
});
