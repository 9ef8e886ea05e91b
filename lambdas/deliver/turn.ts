import type { Delivery } from '#core/delivery/delivery.ts';
import type { Decision, Fact } from '#core/delivery/fact.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { DeliveryMessage } from '#core/message/message.ts';
import { type Limit, lateBy } from '#core/rate-limit/slot.ts';
import type { DeliverPorts } from './ports.ts';
import { circuitStateOf, settle } from './settle.ts';

interface Step {
  readonly delivery: Delivery;
  readonly decision: Decision;
}

// Milliseconds. A pause stops what waits for longer than this, for the price of a read; shorter waits are not worth it.
const unlookedFor = 500;
// Time for that read, for a place that is missed is lost.
const lookAhead = 250;

/**
 * Waits until a delivery may be attempted that is due and has, or needs, a place in its endpoint's line.
 *
 * A place is used at its time or not at all: who comes later reserves another, so that what was late does not become
 * a burst. That happens once in the function; then the delivery waits in its queue again.
 *
 * @param prepare what the request needs, done before its time rather than after
 * @returns the last decision: its message is 'attempt' when the time has come
 */
export async function takeTurn(
  start: Step,
  {
    record,
    limit,
    woken,
    prepare,
  }: {
    readonly record: EndpointRecord;
    readonly limit: Limit;
    readonly woken: Extract<Fact, { kind: 'message_received' }>;
    readonly prepare: () => Promise<unknown>;
  },
  message: DeliveryMessage,
  ports: DeliverPorts,
): Promise<Step> {
  let step = start;
  let { patience } = limit;
  const { firstReceive, claim } = woken;
  for (;;) {
    const next = step.decision.message;
    if (typeof next !== 'object' || 'waitUntil' in next) return step;
    const { reserve: lost, lostAt } = 'reserve' in next ? next : lostBy(next);
    if ('attemptAt' in next) {
      await prepare();
      const wait = next.attemptAt - ports.now();
      if (wait > unlookedFor) {
        await ports.sleep(wait - lookAhead);
        if (!(await stillGoes(record, woken, ports)))
          return settle(step.delivery, () => ({ kind: 'requeued', claimId: claim.id }), message, ports);
      }
      const left = next.attemptAt - ports.now();
      if (left > 0) await ports.sleep(left);
      if (ports.now() <= next.attemptAt + lateBy)
        return { ...step, decision: { commands: [], message: 'attempt' } };
      patience = 0;
    }
    const at = await ports.reserve(record, limit.perSecond, lostAt);
    if (at === undefined)
      throw new Error(`endpoint ${record.endpoint.id} was deleted while a delivery waited for it`);
    const slotted: Fact = {
      kind: 'slot_reserved',
      at: Math.ceil(at),
      lost,
      limit: { ...limit, patience },
      firstReceive,
      claim,
    };
    step = await settle(
      step.delivery,
      (races) => (races === 0 ? slotted : { kind: 'superseded' }),
      message,
      ports,
    );
  }
}

/** Whether the endpoint still takes what it took before the wait. Edits of other kinds are for the next attempt. */
async function stillGoes(
  { endpoint: { id } }: EndpointRecord,
  { circuit }: Extract<Fact, { kind: 'message_received' }>,
  ports: DeliverPorts,
): Promise<boolean> {
  const record = await ports.endpoint(id, { consistent: false });
  if (record?.state.status !== 'active') return false;
  // Who is to be the probe is decided by the lease.
  return circuit !== 'go' || circuitStateOf(record, ports.now()) === 'go';
}

const lostBy = ({ attemptAt, lost }: { readonly attemptAt: number; readonly lost: number }) => ({
  reserve: lost + 1,
  lostAt: attemptAt,
});
