import { expect, it } from 'vitest';
import { attributeNames } from '#local/aws-api/requirements/attributes.ts';

it('finds the attributes that a request names, and no functions or keywords', () => {
  const named = attributeNames({
    Key: { pk: { S: 'A' }, sk: { S: 'x' } },
    UpdateExpression:
      'SET #s.inner = list_append(history, :h), b = if_not_exists(c, :z) REMOVE d[0] ADD e :one',
    ConditionExpression: 'attribute_exists(pk) AND NOT (f IN (:x, :y))',
    ExpressionAttributeNames: { '#s': 'state' },
  });
  expect([...(named ?? [])].sort()).toEqual(['b', 'c', 'd', 'e', 'f', 'history', 'pk', 'sk', 'state']);
  expect(attributeNames({ TableName: 'T' })).toBeUndefined();
});
