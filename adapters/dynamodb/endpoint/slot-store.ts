import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, toAttributes } from '#adapters/dynamodb/table/config-table.ts';
import { retryConflicts } from '#adapters/dynamodb/table/transaction.ts';
import {
  beginsNow,
  nobodyUntil,
  type RateLine,
  type Reservation,
  slotInterval,
} from '#core/rate-limit/slot.ts';
import { parseState } from './state-item.ts';

export interface RateLineStore {
  /**
   * Reserves the next places of an endpoint's line in one write, if `line` is how it stands, or else in two. Places
   * of others in between cost nothing more.
   *
   * @param line as it was read, be it a little old
   * @returns the time of the first one; Infinity when it would be more than `longest` ms ahead; undefined when the
   *   endpoint is deleted
   */
  reserve(
    endpointId: string,
    reservation: Reservation,
    line: RateLine | undefined,
    longest: number,
  ): Promise<number | undefined>;
}

// Each change of side means that the line ran empty, began or was edited in between.
const mostTries = 6;

/** Writes nothing but the line, and only of endpoints that exist. */
export function createRateLineStore(table: ConfigTable): RateLineStore {
  const update = async (
    endpointId: string,
    reservation: Reservation,
    side: 'begin' | 'join',
    longest: number,
  ): Promise<{ readonly line: RateLine } | { readonly standing: RateLine | undefined } | undefined> => {
    const now = table.now();
    const { perSecond, count, asOf } = reservation;
    const taken = count * slotInterval(perSecond);
    const idle = nobodyUntil(reservation, now);
    const expressions =
      side === 'begin'
        ? {
            UpdateExpression: 'SET rateNext = :next, ratePer = :per, rateAsOf = :asOf',
            ConditionExpression:
              'attribute_exists(revision) AND (attribute_not_exists(rateNext) OR rateNext <= :idle OR (ratePer <> :per AND rateAsOf < :asOf))',
            values: { ':next': now + taken, ':per': perSecond, ':asOf': asOf, ':idle': idle },
          }
        : {
            UpdateExpression: 'SET rateNext = rateNext + :taken',
            ConditionExpression:
              'attribute_exists(revision) AND rateNext > :idle AND rateNext <= :latest AND (ratePer = :per OR rateAsOf >= :asOf)',
            values: {
              ...{ ':taken': taken, ':per': perSecond, ':asOf': asOf },
              ...{ ':idle': idle, ':latest': now + longest },
            },
          };
    const { values, ...rest } = expressions;
    try {
      const { Attributes } = await table.client.send(
        new UpdateItemCommand({
          TableName: table.tableName,
          Key: toAttributes({ ...endpointStateKey(endpointId) }),
          ...rest,
          ExpressionAttributeValues: toAttributes(values),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      const line = lineIn(Attributes);
      if (line === undefined)
        throw new Error(`the line of endpoint ${endpointId} is gone right after a place was taken`);
      return { line };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item && { standing: lineIn(error.Item) };
    }
  };

  return {
    reserve: (endpointId, reservation, line, longest) =>
      retryConflicts(table, `the line of endpoint ${endpointId}`, async () => {
        let standing = line;
        for (let tries = 0; tries < mostTries; tries += 1) {
          const side = beginsNow(standing, reservation, table.now()) ? 'begin' : 'join';
          const result = await update(endpointId, reservation, side, longest);
          if (result === undefined) return undefined;
          if ('line' in result)
            return result.line.next - reservation.count * slotInterval(reservation.perSecond);
          standing = result.standing;
          if (standing !== undefined && standing.next - table.now() > longest)
            return Number.POSITIVE_INFINITY;
        }
        throw new Error(
          `the line of endpoint ${endpointId} changed ${mostTries} times while a place was taken`,
        );
      }),
  };
}

const lineIn = (attributes: Parameters<typeof unmarshall>[0] | undefined): RateLine | undefined =>
  parseState(unmarshall(attributes ?? {})).line;
