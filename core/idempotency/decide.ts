import { type KeyRecord, keyLease, type PendingKey } from './stored-answer.ts';

/** A request that came with a key. */
export interface KeyedRequest {
  readonly requestHash: string;
  readonly claimId: string;
  /** Ids for its events, should it be the first. */
  readonly eventIds: readonly string[];
}

export type KeyDecision =
  /** Store this, guarded by the revision before it, and then do the work. */
  | {
      readonly kind: 'claim';
      readonly record: PendingKey;
      /** Somebody began before: what is stored already is used and not made anew. */
      readonly repeat: boolean;
    }
  /** The claim that stands is this request's own: an answer about it was lost on the way. */
  | { readonly kind: 'held'; readonly record: PendingKey }
  | { readonly kind: 'replay'; readonly answer: string }
  /** The key was used for something else. */
  | { readonly kind: 'reused' }
  /** Another request is at work, until this time (epoch ms) at the latest. */
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Decides what becomes of a request with an idempotency key. Pure.
 *
 * @param standing what is known of the key; undefined when it was never used, or longer than its lifetime ago
 * @param now epoch milliseconds
 */
export function decideKey(standing: KeyRecord | undefined, request: KeyedRequest, now: number): KeyDecision {
  const { requestHash, claimId, eventIds } = request;
  const leaseUntil = now + keyLease;
  if (standing === undefined) {
    const record: PendingKey = { kind: 'pending', revision: 1, requestHash, claimId, leaseUntil, eventIds };
    return { kind: 'claim', record, repeat: false };
  }
  if (standing.requestHash !== requestHash) return { kind: 'reused' };
  if (standing.kind === 'answered') return { kind: 'replay', answer: standing.answer };
  if (standing.leaseUntil > now) {
    return standing.claimId === claimId
      ? { kind: 'held', record: standing }
      : { kind: 'wait', until: standing.leaseUntil };
  }
  const record = { ...standing, revision: standing.revision + 1, claimId, leaseUntil };
  return { kind: 'claim', record, repeat: true };
}
