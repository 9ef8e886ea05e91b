import type { Next } from '#core/delivery/decision.ts';
import type { Fact } from '#core/delivery/fact.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';

/** Reserves the next slot in the endpoint's rate limit. */
export async function reserveSlot(
  { lost, lostAt, patience }: Extract<Next, { kind: 'reserve_slot' }>,
  { record, fact: { limit, firstReceive, claim } }: Work,
  ports: DeliverPorts,
): Promise<Fact> {
  const { id } = record.endpoint;
  if (limit === undefined) throw new Error(`endpoint ${id} has no rate limit to reserve a slot in`);
  const at = await ports.reserve(record, limit.perSecond, lostAt);
  if (at === undefined) throw new Error(`endpoint ${id} was deleted while its delivery reserved a slot`);
  return {
    kind: 'slot_reserved',
    at: Math.ceil(at),
    lost,
    limit: { ...limit, patience },
    firstReceive,
    claim,
  };
}
