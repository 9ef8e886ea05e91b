import type { AttemptView } from '#core/delivery/delivery-view.ts';

/** Asks a deliver function for one request to an endpoint that belongs to no delivery. Times are epoch milliseconds. */
export interface EndpointTest {
  readonly v: 1;
  readonly kind: 'endpoint-test';
  readonly applicationId: string;
  readonly endpointId: string;
  /** Begins with `evt_test_`, by which receivers can tell. */
  readonly eventId: string;
  readonly eventType: string;
  readonly timestamp: number;
  /** The JSON text that is signed and sent. */
  readonly payload: string;
}

/** What came of it; `missing` when there is no such endpoint. */
export type EndpointTestOutcome =
  | { readonly kind: 'attempted'; readonly attempt: AttemptView }
  | { readonly kind: 'missing' };

/** Milliseconds that the request of a test may take; an endpoint's own timeout may be shorter. */
export const longestTest = 20_000;

/** Milliseconds between two tests of one endpoint. */
export const testPause = 5_000;

/**
 * Tests of one application: one in so many milliseconds on average, and so many at once. One that hangs takes a function of
 * the API and one of the slow queue for `longestTest`, so an application has about fifteen of each at most.
 */
export const applicationTests = { interval: 2_000, atOnce: 5 } as const;

/** What is sent when the caller names nothing else. */
export const ping = { eventType: 'hook0.ping', payload: '{"message":"A test by Hook0"}' } as const;

const texts = ['applicationId', 'endpointId', 'eventId', 'eventType', 'payload'] as const;

/** Whether a function was invoked for a test, and not with messages of its queue. */
export function isEndpointTest(event: object): event is EndpointTest {
  return (
    Reflect.get(event, 'v') === 1 &&
    Reflect.get(event, 'kind') === 'endpoint-test' &&
    Number.isFinite(Reflect.get(event, 'timestamp')) &&
    texts.every((name) => typeof Reflect.get(event, name) === 'string')
  );
}

/** Whether a function's answer is what comes of a test. */
export function isTestOutcome(answer: unknown): answer is EndpointTestOutcome {
  if (typeof answer !== 'object' || answer === null) return false;
  const [kind, attempt] = [Reflect.get(answer, 'kind'), Reflect.get(answer, 'attempt')];
  return kind === 'missing' || (kind === 'attempted' && typeof attempt === 'object' && attempt !== null);
}
