import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const deliveriesOf = (call: Api) => ({
  get: (id: string, options?: CallOptions): Promise<api.Delivery> => call('getDelivery', { id, options }),
  /** Starts a new attempt now. */
  retry: (id: string, options?: CallOptions): Promise<api.Delivery> => call('retryDelivery', { id, options }),
});

export const deadLettersOf = (call: Api) => ({
  /** One page. */
  list: (query?: api.DeadLetterQuery, options?: CallOptions): Promise<api.Page<api.DeadLetter>> =>
    call('listDeadLetters', { query: { ...query }, options }),
  /** Every item. */
  all: (
    query?: Omit<api.DeadLetterQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.DeadLetter, void, undefined> =>
    itemsOf((cursor) => call('listDeadLetters', { query: { limit: 100, ...query, ...cursor }, options })),
  /** Starts dead letters again: all of them, those of one endpoint, or those that `deliveryIds` names. */
  redrive: (request: api.RedriveOptions = {}, options?: CallOptions): Promise<api.StartedTask> =>
    call('redriveDeadLetters', { body: request, repeatable: true, options }),
});
