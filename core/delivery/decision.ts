import type { CircuitState } from '#core/circuit/circuit.ts';
import type { Slot } from '#core/rate-limit/slot.ts';
import type {
  CancelReason,
  Death,
  DeathReason,
  Delivery,
  DeliveryState,
  HeldFor,
  SettledState,
} from './delivery.ts';

export interface Decision {
  /** Store this, guarded by the revision it came from, before anything else. */
  readonly store?: Delivery;
  /** Then carry these out, in order. */
  readonly commands: readonly Command[];
  /** Then do this, if a message led to the fact. */
  readonly next: Next;
}

export type Command =
  /** Queue a wake-up that stays invisible for `delay` milliseconds. */
  | { readonly kind: 'wake'; readonly delay: number }
  /** Queue its message in the slow queue, visible at once. */
  | { readonly kind: 'divert' }
  | { readonly kind: 'dead-letter'; readonly generation: number; readonly reason: DeathReason }
  /** Announce that it was cancelled because it would have waited too long. */
  | { readonly kind: 'announce-expiry' }
  /** Disable its endpoint, unless the endpoint's status changed after `asOf` (epoch ms). */
  | { readonly kind: 'disable-endpoint'; readonly reason: '410_gone'; readonly asOf: number };

/** What the function that has its message does next. All but the first two end in another fact. */
export type Next =
  | { readonly kind: 'acknowledge' }
  /** The message comes again at `until`, or a little earlier if the delivery has a slot. */
  | { readonly kind: 'requeue'; readonly until: number; readonly slot?: Slot }
  /** Reserve a slot after it missed `lost` others, the last one at `lostAt`. A slot within `patience` ms is awaited. */
  | {
      readonly kind: 'reserve_slot';
      readonly lost: number;
      readonly lostAt?: number;
      readonly patience: number;
    }
  | { readonly kind: 'await_slot'; readonly at: number; readonly lost: number }
  | { readonly kind: 'take_probe' }
  | { readonly kind: 'attempt' };

/** Waits up to a minute stay in the retry queue, where they cost nothing. Longer ones would fill its in-flight limit. */
export const longestQueuedWait = 60_000;

/** Milliseconds for which a pause or an open circuit may hold a delivery. Its event is kept for a week longer. */
export const longestHold = 14 * 24 * 60 * 60_000;

export const proceed = (next: Next): Decision => ({ commands: [], next });

export const acknowledge: Decision = proceed({ kind: 'acknowledge' });

// Nothing is stored: in the slow queue the delivery is as due as before, and its receiver reads the item.
export const divert: Decision = { ...acknowledge, commands: [{ kind: 'divert' }] };

export const announceExpiry: Decision = { ...acknowledge, commands: [{ kind: 'announce-expiry' }] };

export const requeue = (until: number, slot?: Slot): Decision => proceed({ kind: 'requeue', until, slot });

/** The attempt of a delivery that may go: as the circuit's probe, if it gets the lease, or without one. */
export const go = (circuit: CircuitState): Next => ({
  kind: circuit === 'probe' ? 'take_probe' : 'attempt',
});

export function moved(delivery: Delivery, state: DeliveryState): Delivery {
  return { ...delivery, state, revision: delivery.revision + 1 };
}

export const stored = (store: Delivery): Decision => ({ ...acknowledge, store });

export function hold(delivery: Delivery, heldFor: HeldFor, dueAt: number, now: number): Decision {
  // Only a `dueAt` in the future is stored. Without one only the cause holds the delivery.
  return stored(moved(delivery, { status: 'held', heldFor, since: now, ...(dueAt > now ? { dueAt } : {}) }));
}

export const cancel = (delivery: Delivery, reason: CancelReason, now: number): Decision =>
  stored(moved(delivery, { status: 'cancelled', settledAt: now, reason }));

function deathCommands({ generation, reason, at }: Death): Command[] {
  const deadLetter: Command = { kind: 'dead-letter', generation, reason };
  if (reason !== 'gone') return [deadLetter];
  return [{ kind: 'disable-endpoint', reason: '410_gone', asOf: at }, deadLetter];
}

export function die(delivery: Delivery, { reason, at }: Omit<Death, 'generation'>): Decision {
  const { generation } = delivery;
  return {
    ...stored(moved(delivery, { status: 'dead', settledAt: at, reason })),
    commands: deathCommands({ generation, reason, at }),
  };
}

/** Leaves a settled delivery as it is, and repeats what follows from its end: its function may have crashed before that. */
export function leave({ generation }: Pick<Delivery, 'generation'>, state: SettledState): Decision {
  if (state.status === 'dead') {
    const { reason, settledAt: at } = state;
    return { ...acknowledge, commands: deathCommands({ generation, reason, at }) };
  }
  // If the scheduler ended the hold, it announced that before. Announcing it twice is harmless.
  return state.status === 'cancelled' && state.reason === 'expired' ? announceExpiry : acknowledge;
}

/**
 * What a message of a generation does that a restart has ended: the newer one has a message of its own. If the function
 * that stored the death of the older one crashed, only this message knows that something has to follow from it.
 */
export function leaveEarlier({ earlier = [] }: Delivery, generation: number): Decision {
  const death = earlier.find((one) => one.generation === generation)?.death;
  return death ? { ...acknowledge, commands: deathCommands({ generation, ...death }) } : acknowledge;
}

/** When a delivery may be attempted next; 0 for at once. */
export function dueTime({ state }: Delivery): number {
  switch (state.status) {
    case 'queued':
      return state.dueAt;
    case 'attempting':
      return state.until;
    case 'held':
      return state.dueAt ?? 0;
    default:
      return 0;
  }
}
