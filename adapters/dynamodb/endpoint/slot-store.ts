import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { retryConflicts } from '#adapters/dynamodb/table/conflicts.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import {
  beginsNow,
  idleUntil,
  type Reservation,
  type SlotSequence,
  slotInterval,
} from '#core/rate-limit/slot.ts';
import { parseState } from './state-item.ts';

export interface SlotStore {
  /**
   * Reserves the next places of an endpoint's slots in one write, if `slots` is how it stands, or else in two. Places
   * of others in between cost nothing more.
   *
   * @param slots as it was read, be it a little old
   * @returns the time of the first one; Infinity when it would be more than `longest` ms ahead; undefined when the
   *   endpoint is deleted
   */
  reserve(
    endpointId: string,
    reservation: Reservation,
    slots: SlotSequence | undefined,
    longest: number,
  ): Promise<number | undefined>;
}

// Each change of side means that the slots ran empty, began or was edited in between.
const mostTries = 6;

/** Writes nothing but the slots, and only of endpoints that exist. */
export function createSlotStore(table: ConfigTable): SlotStore {
  const update = async (
    endpointId: string,
    reservation: Reservation,
    side: 'begin' | 'join',
    longest: number,
  ): Promise<
    { readonly slots: SlotSequence } | { readonly standing: SlotSequence | undefined } | undefined
  > => {
    const now = table.now();
    const { perSecond, count, asOf } = reservation;
    const taken = count * slotInterval(perSecond);
    const idle = idleUntil(reservation, now);
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
      const slots = slotsIn(Attributes);
      if (slots === undefined)
        throw new Error(`the slots of endpoint ${endpointId} is gone right after a place was taken`);
      return { slots };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item && { standing: slotsIn(error.Item) };
    }
  };

  return {
    reserve: (endpointId, reservation, slots, longest) =>
      retryConflicts(table, `the slots of endpoint ${endpointId}`, async () => {
        let standing = slots;
        for (let tries = 0; tries < mostTries; tries += 1) {
          const side = beginsNow(standing, reservation, table.now()) ? 'begin' : 'join';
          const result = await update(endpointId, reservation, side, longest);
          if (result === undefined) return undefined;
          if ('slots' in result)
            return result.slots.next - reservation.count * slotInterval(reservation.perSecond);
          standing = result.standing;
          if (standing !== undefined && standing.next - table.now() > longest)
            return Number.POSITIVE_INFINITY;
        }
        throw new Error(
          `the slots of endpoint ${endpointId} changed ${mostTries} times while a place was taken`,
        );
      }),
  };
}

const slotsIn = (attributes: Parameters<typeof unmarshall>[0] | undefined): SlotSequence | undefined =>
  parseState(unmarshall(attributes ?? {})).slots;
