import { type Api, itemsOf } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const endpointsOf = (call: Api) => ({
  create: (endpoint: api.NewEndpoint, options?: CallOptions): Promise<api.Endpoint> =>
    call('createEndpoint', { body: endpoint, status: 201, options }),
  /** Creates nothing and throws what `create` would throw, but does not check the limits of the application. */
  check: (endpoint: api.NewEndpoint, options?: CallOptions): Promise<undefined> =>
    call('createEndpoint', {
      body: endpoint,
      query: { dryRun: true },
      status: 204,
      repeatable: true,
      options,
    }),
  get: (id: string, options?: CallOptions): Promise<api.Endpoint> => call('getEndpoint', { id, options }),
  /** One page. */
  list: (query?: api.PageQuery, options?: CallOptions): Promise<api.Page<api.Endpoint>> =>
    call('listEndpoints', { query: { ...query }, options }),
  /** Every item. */
  all: (
    query?: Omit<api.PageQuery, 'cursor'>,
    options?: CallOptions,
  ): AsyncGenerator<api.Endpoint, void, undefined> =>
    itemsOf((cursor) => call('listEndpoints', { query: { limit: 100, ...query, ...cursor }, options })),
  /** Changes the given fields only. Null sets a field to its default. */
  update: (id: string, patch: api.EndpointPatch, options?: CallOptions): Promise<api.Endpoint> =>
    call('updateEndpoint', { id, body: patch, options }),
  delete: (id: string, options?: CallOptions): Promise<undefined> => call('deleteEndpoint', { id, options }),
  /** Holds its deliveries until `resume`. */
  pause: (id: string, options?: CallOptions): Promise<api.Endpoint> =>
    call('pauseEndpoint', { id, repeatable: true, options }),
  resume: (id: string, options?: CallOptions): Promise<api.Endpoint> =>
    call('resumeEndpoint', { id, repeatable: true, options }),
  enable: (id: string, options?: CallOptions): Promise<api.Endpoint> =>
    call('enableEndpoint', { id, repeatable: true, options }),
  /** Cancels its open deliveries. It receives no further events. */
  disable: (id: string, options?: CallOptions): Promise<api.Endpoint> =>
    call('disableEndpoint', { id, repeatable: true, options }),
  secret: (id: string, options?: CallOptions): Promise<api.Secret> =>
    call('getEndpointSecret', { id, options }),
  /** Sets a new secret: the given one, or a generated one. Earlier secrets also sign until the overlap ends. */
  rotateSecret: (id: string, rotation: api.Rotation = {}, options?: CallOptions): Promise<api.Secrets> =>
    call('rotateSecret', { id, body: rotation, options }),
  /** Sends a real, signed request now and returns its result. */
  test: (id: string, request: api.TestRequest = {}, options?: CallOptions): Promise<api.TestResult> =>
    call('testEndpoint', { id, body: request, options }),
  /** Starts its dead and cancelled deliveries again, for the events from `since` until `until`, or until now. */
  recover: (id: string, request: api.RecoverOptions, options?: CallOptions): Promise<api.StartedTask> =>
    call('recoverEndpoint', { id, body: request, options }),
  /** Its statistics, in total and by hour. */
  stats: (id: string, query?: api.StatsQuery, options?: CallOptions): Promise<api.EndpointStats> =>
    call('getEndpointStats', { id, query: { ...query }, options }),
  circuit: (id: string, options?: CallOptions): Promise<api.Circuit> => call('getCircuit', { id, options }),
  resetCircuit: (id: string, options?: CallOptions): Promise<api.Circuit> =>
    call('resetCircuit', { id, repeatable: true, options }),
  deliveries: (
    id: string,
    query?: api.DeliveryQuery,
    options?: CallOptions,
  ): Promise<api.Page<api.Delivery>> => call('listDeliveries', { id, query: { ...query }, options }),
});
