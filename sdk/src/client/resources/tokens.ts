import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const tokensOf = (call: Api) => ({
  /** Only this answer holds the text of the token, `token`. */
  create: (token: api.NewToken, options?: CallOptions): Promise<api.CreatedToken> =>
    call('createToken', { body: token, options }),
  get: (id: string, query?: api.TokenQuery, options?: CallOptions): Promise<api.Token> =>
    call('getToken', { id, query: { ...query }, options }),
  /** The token of this client: what it may do, and until when. */
  current: (options?: CallOptions): Promise<api.Token> => call('getOwnToken', { options }),
  /** One page. */
  list: (query?: api.TokensQuery, options?: CallOptions): Promise<api.Page<api.Token>> =>
    call('listTokens', { query: { ...query }, options }),
  /** Every item. */
  all: (
    query?: Omit<api.TokensQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.Token, void, undefined> =>
    itemsOf((cursor) => call('listTokens', { query: { limit: 100, ...query, ...cursor }, options })),
  update: (
    id: string,
    patch: api.TokenPatch,
    query?: api.TokenQuery,
    options?: CallOptions,
  ): Promise<api.Token> => call('updateToken', { id, body: patch, query: { ...query }, options }),
  /** The API refuses the token after at most a minute. */
  delete: (id: string, query?: api.TokenQuery, options?: CallOptions): Promise<undefined> =>
    call('deleteToken', { id, query: { ...query }, options }),
});
