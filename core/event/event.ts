export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** An endpoint that matched, with the priority its delivery gets. */
export interface MatchedEndpoint {
  readonly endpointId: string;
  readonly priority: Priority;
}

/** An event's id and the endpoints that it matched. */
export interface Matched {
  readonly id: string;
  /** How many endpoints matched. */
  readonly endpointCount: number;
  /** The matched endpoints when they are at most 50; more stand in segments. */
  readonly endpoints: readonly MatchedEndpoint[];
}

/** One thing that happened. Immutable once stored. Times are epoch milliseconds. */
export interface StoredEvent extends Matched {
  readonly applicationId: string;
  readonly type: string;
  readonly source?: string;
  readonly tags: readonly string[];
  /** When it was accepted. */
  readonly timestamp: number;
  /** No delivery is attempted before this time; equals `timestamp` for an event without delay. */
  readonly deliverAt: number;
  /** The bytes that the producer sent as `payload`, which are the bytes that are signed and delivered. */
  readonly payload: Uint8Array;
}

/** An event as lists have it: a page of payloads would take more memory than a function has. */
export type ListedEvent = Omit<StoredEvent, 'payload'>;

// Fifty ids keep an event's deliveries within one BatchGetItem and the event item small.
export const inlineEndpoints = 50;
export const segmentSize = 1_000;
