import { type Delivery, isSettled } from '#core/delivery/delivery.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import type { Life } from '../../plant/faults.ts';
import { type Invariant, isFirst, isRepeatedFirst, keyOf, type World } from '../world.ts';

interface Requested {
  readonly which: string;
  isRecorded: boolean;
  /** Another function moved the delivery meanwhile, or the request was cut off: so it need not be recorded. */
  isExcused: boolean;
}

/** Promise 3: each request is an attempt, nothing else is, and a generation has no more than its policy allows. */
export function requestsAreAttempts({ plant, violated }: World): Invariant {
  const requests = new Map<Life, Requested>();
  /** Who has claimed a delivery, and whether another function has moved it since. */
  const claims = new Map<Life, { readonly which: string; isMoved: boolean }>();
  /** How many requests of each delivery were made at the same time as another one. */
  const copies = new Map<string, number>();
  const allowed = new Map<string, number>();

  function mostOf(endpointId: string): number {
    const record = plant.tables.endpoints.get(endpointId)?.record;
    const { maxAttempts } = record ? effectiveRetryPolicy(record.endpoint.retryConfig) : { maxAttempts: 0 };
    const known = Math.max(allowed.get(endpointId) ?? 0, maxAttempts);
    allowed.set(endpointId, known);
    return known;
  }

  function checkCount(next: Delivery): void {
    const most = mostOf(next.endpointId) + (copies.get(keyOf(next)) ?? 0);
    // A success counts whenever it comes, also after the last attempt that was allowed.
    if (next.attemptCount > most && next.state.status !== 'succeeded')
      violated(`${keyOf(next)} was attempted ${next.attemptCount} times in generation ${next.generation}`);
  }

  /**
   * A first message is attempted without a look at the item: while a copy of it is attempted, after a copy has succeeded,
   * and just after its event was deleted. That makes one request more at worst.
   */
  function mayBeMore(which: string, life: Life): boolean {
    if (isRepeatedFirst(life)) return true;
    const standing = plant.tables.deliveries.get(which)?.state;
    return (
      isFirst(life) && standing !== undefined && (isSettled(standing) || standing.status === 'attempting')
    );
  }

  return {
    onRequest({ deliveryId: which }, life) {
      const isCopy = [...requests.values()].some((other) => other.which === which);
      if (isCopy || mayBeMore(which, life)) copies.set(which, (copies.get(which) ?? 0) + 1);
      const isMoved = claims.get(life)?.isMoved === true;
      requests.set(life, {
        which,
        isRecorded: false,
        isExcused: isMoved || mayBeMore(which, life),
      });
    },
    onDelivery(next, before, life) {
      checkCount(next);
      const which = keyOf(next);
      for (const [other, claim] of claims) if (other !== life && claim.which === which) claim.isMoved = true;
      if (next.state.status === 'attempting') claims.set(life, { which, isMoved: false });
      for (const [other, request] of requests)
        if (other !== life && request.which === which) request.isExcused = true;
      const isCounted =
        next.generation === (before?.generation ?? 1) && next.attemptCount !== (before?.attemptCount ?? 0);
      if (!isCounted) return;
      const request = requests.get(life);
      if (request?.which !== which || request.isRecorded)
        violated(`${which} counts an attempt for which there was no request`);
      else request.isRecorded = true;
    },
    onEndpoint(_, __, { endpoint }) {
      const { maxAttempts } = effectiveRetryPolicy(endpoint.retryConfig);
      allowed.set(endpoint.id, Math.max(allowed.get(endpoint.id) ?? 0, maxAttempts));
    },
    onEffect({ name }, _, life) {
      const request = name === 'slow queue.send' ? requests.get(life) : undefined;
      if (request) request.isExcused = true;
    },
    onHandled(life, error) {
      const request = requests.get(life);
      requests.delete(life);
      claims.delete(life);
      if (!request || request.isRecorded || request.isExcused || error !== undefined || life.isOver) return;
      violated(`${request.which} was requested, and the request was not counted`);
    },
  };
}
