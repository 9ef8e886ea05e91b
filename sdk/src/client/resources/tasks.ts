import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const tasksOf = (call: Api) => ({
  get: (id: string, options?: CallOptions): Promise<api.Task> => call('getTask', { id, options }),
  /** One page, newest first. */
  list: (query?: api.PageQuery, options?: CallOptions): Promise<api.Page<api.Task>> =>
    call('listTasks', { query: { ...query }, options }),
  /** Every item, newest first. */
  all: (
    query?: Omit<api.PageQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.Task, void, undefined> =>
    itemsOf((cursor) => call('listTasks', { query: { limit: 100, ...query, ...cursor }, options })),
  /** The task ends after its current step. */
  cancel: (id: string, options?: CallOptions): Promise<api.Task> =>
    call('cancelTask', { id, repeatable: true, options }),
});
