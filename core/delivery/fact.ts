import type { RequestResult } from '#core/attempt/outcome.ts';
import type { CircuitState } from '#core/circuit/circuit.ts';
import type { EndpointStatus } from '#core/endpoint/endpoint.ts';
import type { Limit } from '#core/rate-limit/slot.ts';
import type { RetryPolicy } from '#core/retry/retry-policy.ts';
import type { Delivery } from './delivery.ts';

/** What happened to a delivery. Times are epoch milliseconds. */
export type Fact =
  /** A message for it was received. */
  | {
      readonly kind: 'message_received';
      /** The generation the message belongs to. */
      readonly generation: number;
      /** The message is new and was never received before: its delivery has no item yet, and no other message. */
      readonly firstReceive: boolean;
      readonly endpoint: EndpointStatus | 'deleted';
      readonly circuit: CircuitState;
      /** Its endpoint is slow, and this queue diverts the deliveries of slow endpoints. */
      readonly divert: boolean;
      /** Its endpoint's rate limit; absent for none. */
      readonly limit?: Limit;
      readonly claim: Claim;
    }
  /** A slot in its endpoint's rate limit was reserved: `at`, after it missed `lost` others. */
  | {
      readonly kind: 'slot_reserved';
      readonly at: number;
      readonly lost: number;
      readonly limit: Limit;
      readonly firstReceive: boolean;
      readonly claim: Claim;
    }
  /** The function waited for its slot, and the time has come. */
  | { readonly kind: 'slot_reached'; readonly circuit: CircuitState }
  /** The function waited for its slot too long. `lost` counts the slots it missed before this one. */
  | { readonly kind: 'slot_missed'; readonly at: number; readonly lost: number }
  /**
   * Its endpoint stopped taking deliveries while the function waited for its slot, or too little is left of its claim or
   * of its probe lease for a request. `claimId` is the claim to release.
   */
  | { readonly kind: 'requeued'; readonly claimId: string }
  /** It has the probe lease of its endpoint's circuit. */
  | { readonly kind: 'probe_taken' }
  /** Another delivery has the probe lease. `claimId` is the claim to release. */
  | { readonly kind: 'probe_denied'; readonly claimId: string }
  /** An HTTP request was made, in a generation and under a claim; a first attempt has a claim that was not stored. */
  | {
      readonly kind: 'attempted';
      readonly generation: number;
      readonly claimId: string;
      /** When the status of its endpoint last changed, by the clock of the function that changed it. */
      readonly endpointSince: number;
      readonly startedAt: number;
      readonly result: RequestResult;
      readonly policy: RetryPolicy;
    }
  /** Its request was cut off to make room for other deliveries. `claimId` is the claim to release. */
  | { readonly kind: 'preempted'; readonly claimId: string; readonly isProbe?: boolean }
  /** Another function moved it since it was read, and what this function did adds nothing to that. */
  | { readonly kind: 'superseded' }
  /**
   * The scheduler, or the end of its endpoint's pause or open circuit, lets it go on. `isProbe`: as the probe of the
   * circuit, which is still open.
   */
  | { readonly kind: 'released'; readonly isProbe?: boolean }
  /** A pause or an open circuit may have held it for too long. */
  | { readonly kind: 'hold_expired' }
  /**
   * A redrive, a recovery, a replay or a retry by hand asks for a new generation. Nothing happens unless the delivery
   * still is in the generation and in one of the states asked for, so that asking twice makes one new generation.
   */
  | {
      readonly kind: 'restart_requested';
      readonly generation: number;
      readonly from: readonly Delivery['state']['status'][];
      /** How many webhooks led to the request. @default 0 */
      readonly hops?: number;
      /** The task that asks; absent if no task does. */
      readonly taskId?: string;
    }
  /** A message for it was received so often without success that its queue gave it up. */
  | { readonly kind: 'quarantined'; readonly generation: number }
  /** Its event no longer exists, so there is nothing to send. */
  | { readonly kind: 'event_missing' };

/** The right to attempt a delivery: after `until` the function that took it counts as crashed. */
export interface Claim {
  readonly id: string;
  readonly until: number;
}

/** One kind of fact. */
export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>;
