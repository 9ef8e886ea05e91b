import { type KeyRecord, keyLease, type PendingKey } from './stored-answer.ts';

/** A request that came with a key. */
export interface KeyedRequest {
  readonly requestHash: string;
  readonly claimId: string;
  /** Ids for its events, if it is the first request with its key. */
  readonly eventIds: readonly string[];
}

type KeyDecision =
  /** Store this, guarded by the revision before it, and then do the work. */
  | {
      readonly kind: 'claim';
      readonly record: PendingKey;
      /** An earlier request began the work: events that it stored are used as they are. */
      readonly repeat: boolean;
    }
  /** The request has the claim already, because the answer to its write was lost. */
  | { readonly kind: 'held'; readonly record: PendingKey }
  | { readonly kind: 'replay'; readonly answer: string }
  /** The key was used for a request with another body. */
  | { readonly kind: 'reused' }
  /** Another request is working, until this time (epoch ms) at the latest. */
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Decides what to do with a request that has an idempotency key.
 *
 * @param standing the record of the key; undefined when it was not used within its lifetime
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
