import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { Circuit } from '#core/circuit/circuit.ts';
import type { EndpointState } from '#core/endpoint/endpoint.ts';
import type { SlotSequence } from '#core/rate-limit/slot.ts';
import { circuitFields, circuitOf } from './circuit-item.ts';

// Status, circuit, slow mark and slots are in one item, and each writer sets its own attributes only.
const schema = z.object({
  v: z.literal(itemVersion),
  status: z.enum(['active', 'paused', 'disabled']),
  reason: z.optional(z.string()),
  since: z.number(),
  revision: z.number(),
  suspectUntil: z.optional(z.number()),
  rateNext: z.optional(z.number()),
  ratePer: z.optional(z.number()),
  rateAsOf: z.optional(z.number()),
  ...circuitFields,
});

export interface StateItem {
  readonly state: EndpointState;
  /** Grows with each change of the status and guards it. */
  readonly revision: number;
  /** Absent while the endpoint never failed. */
  readonly circuit?: Circuit;
  /** Until when it is marked as slow, epoch milliseconds. */
  readonly slowUntil?: number;
  readonly slots?: SlotSequence;
}

export const stateAttributes = ({ state, revision }: Pick<StateItem, 'state' | 'revision'>) => ({
  status: state.status,
  reason: state.reason,
  since: state.since,
  revision,
});

export function parseState(item: RawItem): StateItem {
  const { status, reason, since, revision, suspectUntil: slowUntil, ...rest } = z.parse(schema, item);
  const state = reason === undefined ? { status, since } : { status, reason, since };
  return { state, revision, circuit: circuitOf(rest), slowUntil, slots: slotsOf(rest) };
}

type SlotAttributes = Partial<Record<'rateNext' | 'ratePer' | 'rateAsOf', number | undefined>>;

function slotsOf({ rateNext: next, ratePer: perSecond, rateAsOf: asOf }: SlotAttributes) {
  if (next === undefined || perSecond === undefined || asOf === undefined) return undefined;
  return { next, perSecond, asOf };
}
