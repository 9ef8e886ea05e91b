import { circuitStateOf } from '#core/circuit/circuit.ts';
import type { Next } from '#core/delivery/decision.ts';
import type { Fact } from '#core/delivery/fact.ts';
import { lateBy } from '#core/rate-limit/slot.ts';
import type { DeliverPorts } from './ports.ts';
import type { Work } from './receive.ts';

// Milliseconds. During longer waits the endpoint may be paused, so it is read again. For shorter ones a read is too expensive.
const recheckAfter = 500;
// Time for that read, because a slot that is missed is lost.
const recheckLead = 250;

/**
 * Waits in the function until the time of a slot. A slot is used at its time or not at all: a late delivery reserves
 * another one, so that late deliveries do not become a burst.
 */
export async function awaitSlot(
  { at, lost }: Extract<Next, { kind: 'await_slot' }>,
  work: Work,
  ports: DeliverPorts,
): Promise<Fact> {
  // The payload is read before the slot, not after it.
  await work.content();
  const wait = at - ports.now();
  if (wait > recheckAfter) {
    await ports.sleep(wait - recheckLead);
    if (!(await stillTakes(work, ports))) return { kind: 'requeued', claimId: work.fact.claim.id };
  }
  const left = at - ports.now();
  if (left > 0) await ports.sleep(left);
  return ports.now() <= at + lateBy
    ? { kind: 'slot_reached', circuit: work.fact.circuit }
    : { kind: 'slot_missed', at, lost };
}

/** Whether the endpoint still takes deliveries. Other edits are for the next attempt. */
async function stillTakes({ record: { endpoint }, fact }: Work, ports: DeliverPorts): Promise<boolean> {
  const record = await ports.endpoint(endpoint.id, { consistent: false });
  if (record?.state.status !== 'active') return false;
  // The probe lease decides which delivery probes.
  return fact.circuit !== 'go' || circuitStateOf(record, ports.now()) === 'go';
}
