import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const eventTypesOf = (call: Api) => ({
  create: (eventType: api.NewEventType, options?: CallOptions): Promise<api.EventType> =>
    call('createEventType', { body: eventType, status: 201, options }),
  /** Registers nothing and throws what `create` would throw, but does not check the limits of the application. */
  check: (eventType: api.NewEventType, options?: CallOptions): Promise<undefined> =>
    call('createEventType', {
      body: eventType,
      query: { dryRun: true },
      status: 204,
      repeatable: true,
      options,
    }),
  get: (name: string, options?: CallOptions): Promise<api.EventType> =>
    call('getEventType', { id: name, options }),
  /** One page. */
  list: (query?: api.PageQuery, options?: CallOptions): Promise<api.Page<api.EventType>> =>
    call('listEventTypes', { query: { ...query }, options }),
  /** Every item. */
  all: (
    query?: Omit<api.PageQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.EventType, void, undefined> =>
    itemsOf((cursor) => call('listEventTypes', { query: { limit: 100, ...query, ...cursor }, options })),
  update: (name: string, patch: api.EventTypePatch, options?: CallOptions): Promise<api.EventType> =>
    call('updateEventType', { id: name, body: patch, options }),
  delete: (name: string, options?: CallOptions): Promise<undefined> =>
    call('deleteEventType', { id: name, options }),
});
