import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const applicationsOf = (call: Api) => ({
  create: (application: api.NewApplication, options?: CallOptions): Promise<api.Application> =>
    call('createApplication', { body: application, options }),
  get: (id: string, options?: CallOptions): Promise<api.Application> =>
    call('getApplication', { id, options }),
  /** One page. */
  list: (query?: api.PageQuery, options?: CallOptions): Promise<api.Page<api.Application>> =>
    call('listApplications', { query: { ...query }, options }),
  /** Every item. */
  all: (
    query?: Omit<api.PageQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.Application, void, undefined> =>
    itemsOf((cursor) => call('listApplications', { query: { limit: 100, ...query, ...cursor }, options })),
  update: (id: string, patch: api.ApplicationPatch, options?: CallOptions): Promise<api.Application> =>
    call('updateApplication', { id, body: patch, options }),
  /**
   * Deletes an application without endpoints. When `confirm` repeats the id, everything that belongs to the application
   * is deleted too; this continues after the answer.
   */
  delete: (
    id: string,
    query?: { readonly confirm?: string },
    options?: CallOptions,
  ): Promise<api.ApplicationRemoval | undefined> =>
    call('deleteApplication', { id, query: { ...query }, options }),
  /** A short-lived token for the application's own customers. Only this answer holds its text, `token`. */
  createPortalToken: (
    id: string,
    token: api.NewPortalToken = {},
    options?: CallOptions,
  ): Promise<api.CreatedPortalToken> => call('createPortalToken', { id, body: token, options }),
});
