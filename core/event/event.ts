import type { Packed } from './compression.ts';

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
  /** The matched endpoints, if they are at most 50; more are in segments. */
  readonly endpoints: readonly MatchedEndpoint[];
}

/** An event that passed validation and is not stored yet. */
export interface NewEvent {
  readonly type: string;
  readonly source?: string;
  readonly tags: readonly string[];
  readonly priority?: Priority;
  /** Milliseconds from now to the first attempt. */
  readonly delay: number;
  /** The text of `payload` exactly as it was sent. */
  readonly payload: string;
  /** How many webhooks led to it. @default 0 */
  readonly hops?: number;
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
  /** The bytes that the producer sent as `payload`, packed once for the table and the queues. They are what is delivered. */
  readonly payload: Packed;
  /** How many webhooks led to it. @default 0 */
  readonly hops?: number;
}

/** An event in a list, without its payload: a page of payloads would take more memory than a function has. */
export type ListedEvent = Omit<StoredEvent, 'payload'>;

// With fifty ids, one BatchGetItem reads the deliveries of an event, and the event's item stays small.
export const inlineEndpoints = 50;
export const segmentSize = 1_000;
