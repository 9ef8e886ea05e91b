import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { applicationTestsKey, endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { applicationTests, testPause } from '#core/endpoint-test/endpoint-test.ts';

const { interval, atOnce } = applicationTests;

/**
 * Makes a function that notes that an endpoint is tested now (epoch milliseconds), unless tests of the endpoint or the
 * application came too fast. A deleted endpoint counts as one that was tested a moment ago.
 */
export function createBeginTest(table: ConfigTable) {
  /** In a separate attribute of the endpoint's state, so that other writers of the state do not conflict with it. */
  const mayTestEndpoint = (endpointId: string, now: number) =>
    conditionalUpdate(table, endpointStateKey(endpointId), {
      UpdateExpression: 'SET testedAt = :now',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(testedAt) OR testedAt <= :before)',
      ExpressionAttributeValues: toAttributes({ ':now': now, ':before': now - testPause }),
    });

  /** When no test of the application counts any more: the count begins now. */
  const begin = (applicationId: string, now: number) =>
    conditionalUpdate(table, applicationTestsKey(applicationId), {
      UpdateExpression: 'SET #next = :next, v = :v',
      ConditionExpression: 'attribute_not_exists(#next) OR #next < :now',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: toAttributes({ ':now': now, ':next': now + interval, ':v': itemVersion }),
    });

  const goOn = (applicationId: string, now: number) =>
    conditionalUpdate(table, applicationTestsKey(applicationId), {
      UpdateExpression: 'SET #next = #next + :interval',
      ConditionExpression: '#next BETWEEN :now AND :last',
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: toAttributes({
        ':now': now,
        ':interval': interval,
        ':last': now + (atOnce - 1) * interval,
      }),
    });

  return async (applicationId: string, endpointId: string, now: number) => {
    if (!(await mayTestEndpoint(endpointId, now)).applied) return 'endpoint-too-fast';
    if ((await begin(applicationId, now)).applied) return 'begun';
    return (await goOn(applicationId, now)).applied ? 'begun' : 'application-too-fast';
  };
}
