import type { RequestResult } from '#core/attempt/outcome.ts';
import type { CircuitState } from '#core/circuit/circuit.ts';
import type { EndpointStatus } from '#core/endpoint/endpoint.ts';
import type { Limit, Slot } from '#core/rate-limit/slot.ts';
import type { RetryPolicy } from '#core/retry/retry-policy.ts';
import type { DeathReason, Delivery } from './delivery.ts';

/** What happened to a delivery. Times are epoch milliseconds. */
export type Fact =
  /** A message for it was received. */
  | {
      readonly kind: 'message_received';
      /** The generation the message belongs to. */
      readonly generation: number;
      /** True for a new message that was never received before: its delivery has no item yet, and no other message. */
      readonly firstReceive: boolean;
      readonly endpoint: EndpointStatus | 'deleted';
      /** What its endpoint's circuit lets it do. */
      readonly circuit: CircuitState;
      /** Its endpoint is suspect, and this is a queue whose places are for others. */
      readonly divert: boolean;
      /** Its endpoint's rate limit; absent for none. */
      readonly limit?: Limit;
      /** The claim to take, should an attempt follow, and until when it holds. */
      readonly claim: { readonly id: string; readonly until: number };
    }
  /** A place in the line of its endpoint was reserved: `at`, after `lost` others were of no use. */
  | {
      readonly kind: 'slot_reserved';
      readonly at: number;
      readonly lost: number;
      readonly limit: Limit;
      readonly firstReceive: boolean;
      readonly claim: { readonly id: string; readonly until: number };
    }
  /** It was to be the probe of its endpoint's circuit, and another one got the lease. Names the claim it had taken. */
  | { readonly kind: 'probe_denied'; readonly claimId: string }
  /** An HTTP request was made. */
  | {
      readonly kind: 'attempted';
      readonly startedAt: number;
      readonly result: RequestResult;
      readonly policy: RetryPolicy;
    }
  /** The request of its attempt was cut off to make room for others. Names the claim it had taken, if it took one. */
  | { readonly kind: 'preempted'; readonly claimId: string }
  /** Its endpoint stopped taking deliveries while it waited for its place in line. Names the claim it had taken, if any. */
  | { readonly kind: 'requeued'; readonly claimId: string }
  /** An attempt failed, and meanwhile somebody else moved the delivery: what stands is followed instead. */
  | { readonly kind: 'superseded' }
  /** The scheduler, or the end of a pause, lets it go on. */
  | { readonly kind: 'released' }
  /** Only a cause holds it; when that takes too long, it ends. */
  | { readonly kind: 'hold_expired' }
  /**
   * Somebody asks for a new run of attempts. Done only if the delivery still is in the generation and in one of the
   * states that were asked for, so that asking twice, by whatever ways, makes one new generation.
   */
  | {
      readonly kind: 'restart_requested';
      readonly generation: number;
      readonly from: readonly Delivery['state']['status'][];
    }
  /** A message for it crashed the functions so often that it was taken out of its queue. */
  | { readonly kind: 'quarantined'; readonly generation: number }
  /** Its event no longer exists, so there is nothing to send. */
  | { readonly kind: 'event_missing' };

export type Command =
  /** Queue a wake-up that must not be seen for `delay` milliseconds. */
  | { readonly kind: 'wake'; readonly delay: number }
  /** Queue a message for it in the slow queue, to be seen at once. */
  | { readonly kind: 'divert' }
  | { readonly kind: 'dead-letter'; readonly reason: DeathReason }
  /** Tell that it was cancelled because it would have waited for too long. */
  | { readonly kind: 'announce-expiry' }
  /** Disable its endpoint, unless somebody changed the endpoint's status after `asOf` (epoch ms). */
  | { readonly kind: 'disable-endpoint'; readonly reason: '410_gone'; readonly asOf: number };

export interface Decision {
  /** Store this, guarded by the revision it came from, before anything else. */
  readonly store?: Delivery;
  /** Then carry these out, in order. */
  readonly commands: readonly Command[];
  /** Then do this with the message, if a message is what told the fact. */
  readonly message:
    | 'acknowledge'
    | 'attempt'
    /** Attempt it at the time of its place, after `lost` others. */
    | { readonly attemptAt: number; readonly lost: number }
    /** Reserve a place for it, after so many that were of no use, the last one at `lostAt`. */
    | { readonly reserve: number; readonly lostAt?: number }
    /** Leave it for later. For a slot it comes back a little early. */
    | { readonly waitUntil: number; readonly slot?: Slot };
}
