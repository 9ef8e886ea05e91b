import * as z from 'zod/mini';
import type { EndpointState } from '../../../core/endpoint/endpoint.ts';
import { itemVersion } from './step.ts';
import type { RawItem } from './table.ts';

// Deliver keeps more in the same item (circuit, suspicion, rate slot): writers set their own attributes only.
const schema = z.object({
  v: z.literal(itemVersion),
  status: z.enum(['active', 'paused', 'disabled']),
  reason: z.optional(z.string()),
  since: z.number(),
  revision: z.number(),
});

export interface StateItem {
  readonly state: EndpointState;
  /** Grows with each change of the status and guards it. */
  readonly revision: number;
}

export const stateAttributes = ({ state, revision }: StateItem) => ({
  status: state.status,
  reason: state.reason,
  since: state.since,
  revision,
});

export function parseState(item: RawItem): StateItem {
  const { status, reason, since, revision } = z.parse(schema, item);
  return { state: reason === undefined ? { status, since } : { status, reason, since }, revision };
}
