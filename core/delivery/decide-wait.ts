import { queuedFor } from '#core/rate-limit/slot.ts';
import { acknowledge, cancel, type Decision, dueTime, longestHold, moved, stored } from './decision.ts';
import { type Delivery, endGeneration, isHeldByCause, isSettled } from './delivery.ts';
import type { FactOf } from './fact.ts';

export function released(delivery: Delivery, { isProbe }: FactOf<'released'>, now: number): Decision {
  const { state } = delivery;
  if (isSettled(state)) return acknowledge;
  const dueAt = Math.max(now, dueTime(delivery));
  // A slot whose time is over is dropped. Otherwise all deliveries that are released late would go at once.
  const slot = 'slot' in state && dueAt === state.dueAt ? state.slot : undefined;
  const rest = { ...(slot === undefined ? {} : { slot }), ...(isProbe ? { isProbe } : {}) };
  return {
    ...stored(moved(delivery, { status: 'queued', dueAt, ...rest })),
    commands: [{ kind: 'wake', delay: slot === undefined ? dueAt - now : queuedFor(dueAt - now, slot) }],
  };
}

export function holdExpired(delivery: Delivery, now: number): Decision {
  const { state } = delivery;
  if (!isHeldByCause(delivery) || !('since' in state) || now - state.since < longestHold) return acknowledge;
  return cancel(delivery, 'expired', now);
}

export function restartRequested(
  delivery: Delivery,
  fact: FactOf<'restart_requested'>,
  now: number,
): Decision {
  if (delivery.generation !== fact.generation || !fact.from.includes(delivery.state.status))
    return acknowledge;
  const earlier = endGeneration(delivery, fact.taskId);
  const restarted = {
    ...delivery,
    generation: delivery.generation + 1,
    earlier,
    attemptCount: 0,
    quarantines: undefined,
    hops: fact.hops,
  };
  return {
    ...stored(moved(restarted, { status: 'queued', dueAt: now, restarted: true })),
    commands: [{ kind: 'wake', delay: 0 }],
  };
}
