import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { applicationTestsKey, endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, type Key, toAttributes } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/step.ts';
import { retryConflicts } from '#adapters/dynamodb/table/transaction.ts';
import { applicationTests, testPause } from '#core/endpoint-test/endpoint-test.ts';

/**
 * Notes that an endpoint is tested now. Says whose tests came too fast, if they did; an endpoint that is gone counts as
 * one that was tested a moment ago.
 *
 * @param now - epoch milliseconds.
 */
export type BeginTest = (
  applicationId: string,
  endpointId: string,
  now: number,
) => Promise<'begun' | 'endpoint-too-fast' | 'application-too-fast'>;

interface Note {
  readonly key: Key;
  readonly update: string;
  readonly condition: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

/** In the endpoint's state, in an attribute of its own: whoever changes the rest does not meet it. */
const ofEndpoint = (endpointId: string, now: number): Note => ({
  key: endpointStateKey(endpointId),
  update: 'SET #testedAt = :now',
  condition: 'attribute_exists(pk) AND (attribute_not_exists(#testedAt) OR #testedAt <= :before)',
  names: { '#testedAt': 'testedAt' },
  values: { ':now': now, ':before': now - testPause },
});

const { interval, atOnce } = applicationTests;
const next = { '#next': 'next' };

/** Nobody tested for a while: the line begins now. */
const begins = (applicationId: string, now: number): Note => ({
  key: applicationTestsKey(applicationId),
  update: 'SET #next = :next, #v = :v',
  condition: 'attribute_not_exists(#next) OR #next < :now',
  names: { ...next, '#v': 'v' },
  values: { ':now': now, ':next': now + interval, ':v': itemVersion },
});

const goesOn = (applicationId: string, now: number): Note => ({
  key: applicationTestsKey(applicationId),
  update: 'SET #next = #next + :interval',
  condition: '#next BETWEEN :now AND :last',
  names: next,
  values: { ':now': now, ':interval': interval, ':last': now + (atOnce - 1) * interval },
});

export function createBeginTest(table: ConfigTable): BeginTest {
  return async (applicationId, endpointId, now) => {
    if (!(await noted(table, ofEndpoint(endpointId, now)))) return 'endpoint-too-fast';
    const isInTime =
      (await noted(table, begins(applicationId, now))) || (await noted(table, goesOn(applicationId, now)));
    return isInTime ? 'begun' : 'application-too-fast';
  };
}

function noted(table: ConfigTable, note: Note): Promise<boolean> {
  return retryConflicts(table, `${note.key.pk} ${note.key.sk}`, async () => {
    try {
      await table.client.send(
        new UpdateItemCommand({
          TableName: table.tableName,
          Key: toAttributes({ ...note.key }),
          UpdateExpression: note.update,
          ConditionExpression: note.condition,
          ExpressionAttributeNames: { ...note.names },
          ExpressionAttributeValues: toAttributes(note.values),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
