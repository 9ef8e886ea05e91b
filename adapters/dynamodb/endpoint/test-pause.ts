import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { applicationTestsKey, endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion, toAttributes } from '#adapters/dynamodb/table/table.ts';
import { applicationTests, testPause } from '#core/endpoint-test/endpoint-test.ts';

const { interval, atOnce } = applicationTests;

/**
 * Notes that an endpoint is tested now. Says whose tests came too fast, if they did; an endpoint that is gone counts as
 * one that was tested a moment ago.
 *
 * @param now - epoch milliseconds.
 */
export function createBeginTest(table: ConfigTable) {
  /** In the endpoint's state, in an attribute of its own: writers of the others do not meet it. */
  const mayTestEndpoint = (endpointId: string, now: number) =>
    conditionalUpdate(table, endpointStateKey(endpointId), {
      UpdateExpression: 'SET testedAt = :now',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(testedAt) OR testedAt <= :before)',
      ExpressionAttributeValues: toAttributes({ ':now': now, ':before': now - testPause }),
    });

  /** No test of the application is counted any more: the count begins now. */
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
