import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const eventsOf = (call: Api) => ({
  /** The event with its payload and one page of its deliveries. `nextCursor` reads the next page. */
  get: (id: string, deliveries?: api.PageQuery, options?: CallOptions): Promise<api.StoredEvent> =>
    call('getEvent', { id, query: { ...deliveries }, options }),
  /** One page, newest first. */
  list: (query?: api.EventQuery, options?: CallOptions): Promise<api.Page<api.EventSummary>> =>
    call('listEvents', { query: { ...query }, options }),
  /** Every item, newest first. */
  all: (
    query?: Omit<api.EventQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.EventSummary, void, undefined> =>
    itemsOf((cursor) => call('listEvents', { query: { limit: 100, ...query, ...cursor }, options })),
  /** Why endpoints got it or not, in the order of their ids: one page. `endpointId` asks about one endpoint. */
  matching: (
    id: string,
    query?: api.MatchingQuery,
    options?: CallOptions,
  ): Promise<api.Page<api.EventMatching>> => call('listEventMatching', { id, query: { ...query }, options }),
  /** Delivers it again: to the endpoints that have not received it yet, or to those that `endpointIds` names. */
  replay: (id: string, request: api.ReplayOptions = {}, options?: CallOptions): Promise<api.StartedTask> =>
    call('replayEvent', { id, body: request, options }),
  /** Cancels its open deliveries and deletes it. With many deliveries a task does this, and the answer names it. */
  delete: (id: string, options?: CallOptions): Promise<api.StartedTask | undefined> =>
    call('deleteEvent', { id, options }),
});
