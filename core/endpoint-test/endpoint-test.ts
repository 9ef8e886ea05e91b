import type { AttemptView } from '#core/delivery/delivery-view.ts';

/** Asks a deliver function to make one request that belongs to no delivery. Times are epoch milliseconds. */
export interface EndpointTest {
  readonly v: 1;
  readonly kind: 'endpoint-test';
  readonly applicationId: string;
  readonly endpointId: string;
  /** Begins with `evt_test_`, so that receivers can recognise a test. */
  readonly eventId: string;
  readonly eventType: string;
  readonly timestamp: number;
  /** The JSON text that is signed and sent. */
  readonly payload: string;
  /** How many webhooks led to the request for it. @default 0 */
  readonly hops?: number;
}

/** The result; `missing` when there is no such endpoint, `unreadable` when its credentials cannot be decrypted. */
export type EndpointTestOutcome =
  | { readonly kind: 'attempted'; readonly attempt: AttemptView }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Milliseconds that the request of a test may take; the timeout of the endpoint may be shorter. */
export const longestTest = 20_000;

/** Milliseconds between two tests of one endpoint. */
export const testPause = 5_000;

/**
 * Limits the tests of one application: one every `interval` milliseconds on average, and `atOnce` in a burst. A test that
 * hangs occupies an instance of the api function and of the deliver function for `longestTest`, so an application occupies
 * about fifteen of each.
 */
export const applicationTests = { interval: 2_000, atOnce: 5 } as const;

/** The default event of a test. */
export const ping = { eventType: 'hook0.ping', payload: '{"message":"A test by Hook0"}' } as const;

const texts = ['applicationId', 'endpointId', 'eventId', 'eventType', 'payload'] as const;

/** Whether a function was invoked for a test instead of messages of its queue. */
export function isEndpointTest(event: object): event is EndpointTest {
  return (
    Reflect.get(event, 'v') === 1 &&
    Reflect.get(event, 'kind') === 'endpoint-test' &&
    Number.isFinite(Reflect.get(event, 'timestamp')) &&
    texts.every((name) => typeof Reflect.get(event, name) === 'string')
  );
}

/** Whether the answer of a function is the result of a test. */
export function isTestOutcome(answer: unknown): answer is EndpointTestOutcome {
  if (typeof answer !== 'object' || answer === null) return false;
  const [kind, attempt] = [Reflect.get(answer, 'kind'), Reflect.get(answer, 'attempt')];
  if (kind === 'unreadable') return typeof Reflect.get(answer, 'detail') === 'string';
  return kind === 'missing' || (kind === 'attempted' && typeof attempt === 'object' && attempt !== null);
}
