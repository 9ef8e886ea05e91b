import type { WatchedEndpoint } from './drain.ts';

/** What the scheduler looks at every minute. Times are epoch milliseconds. */
export type AttentionEntry =
  | RoutesEntry
  /** Deliveries are or may be held for the endpoint. Its state decides what to do with them. */
  | ({ readonly kind: 'endpoint' } & WatchedEndpoint)
  /** The application was removed at `since`, and what it had is to be deleted. */
  | { readonly kind: 'purge'; readonly applicationId: string; readonly since: number };

/** The routes of an application changed. */
export interface RoutesEntry {
  readonly kind: 'routes';
  readonly applicationId: string;
  /** The version of the routes after the last change. */
  readonly version: number;
  /** How many changes are not in the snapshot. */
  readonly changes: number;
  /** When the first of them was made. */
  readonly since: number;
}
