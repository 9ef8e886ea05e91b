import { unmarshall } from '@aws-sdk/util-dynamodb';
import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import { endpointStateKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { type Item, toAttributes } from '#adapters/dynamodb/table/table.ts';
import {
  beginsNow,
  idleUntil,
  type Reservation,
  type SlotSequence,
  slotInterval,
} from '#core/rate-limit/slot.ts';
import { parseState } from './state-item.ts';

// Each lost try means that the sequence ran empty, began or was edited in between.
const mostTries = 6;

/** Writes only the slots, and only of endpoints that exist. */
export function createSlotStore(table: ConfigTable) {
  /** Begins a new sequence of slots now, unless one is in use. */
  const begin = (endpointId: string, reservation: Reservation) => {
    const now = table.now();
    return conditionalUpdate(table, endpointStateKey(endpointId), {
      UpdateExpression: 'SET rateNext = :next, ratePer = :per, rateAsOf = :asOf',
      ConditionExpression:
        'attribute_exists(revision) AND (attribute_not_exists(rateNext) OR rateNext <= :idle OR ' +
        '(ratePer <> :per AND rateAsOf < :asOf))',
      ExpressionAttributeValues: toAttributes({
        ':next': now + durationOf(reservation),
        ':per': reservation.perSecond,
        ':asOf': reservation.asOf,
        ':idle': idleUntil(reservation, now),
      }),
      ReturnValues: 'ALL_NEW',
    });
  };

  /** Takes the next slots of the sequence that is in use. */
  const join = (endpointId: string, reservation: Reservation, longest: number) => {
    const now = table.now();
    return conditionalUpdate(table, endpointStateKey(endpointId), {
      UpdateExpression: 'SET rateNext = rateNext + :taken',
      ConditionExpression:
        'attribute_exists(revision) AND rateNext > :idle AND rateNext <= :latest AND ' +
        '(ratePer = :per OR rateAsOf >= :asOf)',
      ExpressionAttributeValues: toAttributes({
        ':taken': durationOf(reservation),
        ':per': reservation.perSecond,
        ':asOf': reservation.asOf,
        ':idle': idleUntil(reservation, now),
        ':latest': now + longest,
      }),
      ReturnValues: 'ALL_NEW',
    });
  };

  return {
    /**
     * Reserves the next slots of an endpoint in one write if `slots` is current, or else in two. Slots that others took
     * in between cost nothing more.
     *
     *     A   rateNext = rateNext + 2 ✓ (10 → 12)
     *     B       rateNext = rateNext + 1 ✓ (12 → 13): both add to what stands, so no slot is taken twice
     *
     * @param slots as it was read; it may be stale
     * @returns the time of the first slot; Infinity when it would be more than `longest` ms ahead; undefined when the
     *   endpoint is deleted
     */
    async reserve(
      endpointId: string,
      reservation: Reservation,
      slots: SlotSequence | undefined,
      longest: number,
    ): Promise<number | undefined> {
      let standing = slots;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const outcome = beginsNow(standing, reservation, table.now())
          ? await begin(endpointId, reservation)
          : await join(endpointId, reservation, longest);
        if (outcome.applied) return nextAfter(outcome.attributes) - durationOf(reservation);
        if (outcome.standing === undefined) return undefined;
        standing = slotsIn(outcome.standing);
        if (standing !== undefined && standing.next - table.now() > longest) return Number.POSITIVE_INFINITY;
      }
      throw new Error(`the slots of endpoint ${endpointId} changed in each of ${mostTries} tries`);
    },
  };
}

const durationOf = ({ count, perSecond }: Reservation): number => count * slotInterval(perSecond);

function nextAfter(attributes: Item = {}): number {
  const slots = slotsIn(attributes);
  if (slots === undefined) throw new Error('DynamoDB returned no slots after it had changed them');
  return slots.next;
}

const slotsIn = (attributes: Item): SlotSequence | undefined => parseState(unmarshall(attributes)).slots;
