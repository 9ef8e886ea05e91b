import { randomUUID } from 'node:crypto';
import { type Call, type ClientOptions, Transport } from './transport.ts';
import type * as api from './types.ts';

/** Reads a list. */
interface List<T, Query extends api.PageQuery> {
  /** One page. */
  list(query?: Query): Promise<api.Page<T>>;
  /** Every item. The next page is read when the loop reaches it. */
  all(query?: Omit<Query, 'cursor'>): AsyncGenerator<T, void, undefined>;
}

/**
 * The API of one deployment. Methods throw `ApiError` when the answer is not a success, and `NoAnswerError` when there
 * is no answer.
 *
 * The client repeats a request after a temporary error when a second request has the same effect as one: reads, changes
 * that state the new value, and posted events, because they carry an idempotency key.
 */
export class Hook0Client {
  readonly #transport: Transport;

  /** @throws Hook0Error when an option is invalid */
  constructor(options: ClientOptions, transport: Transport = new Transport(options)) {
    this.#transport = transport;
  }

  readonly events = {
    /** Posts an event. When this resolves, the event is stored and each of its deliveries is queued or held. */
    send: (event: api.NewEvent, options: api.PostOptions = {}): Promise<api.AcceptedEvent> =>
      this.#post('/api/events', eventJson(event), options),
    /** Posts up to 100 events. The results are in the order of the events. */
    sendBatch: async (
      events: readonly api.NewEvent[],
      options: api.PostOptions = {},
    ): Promise<readonly api.BatchResult[]> => {
      const body = `{"events":[${events.map(eventJson).join(',')}]}`;
      const { results } = await this.#post<api.BatchAnswer>('/api/events/batch', body, options);
      return results;
    },
    /** The event with its payload and one page of its deliveries. `nextCursor` reads the next page. */
    get: (id: string, deliveries: api.PageQuery = {}): Promise<api.StoredEvent> =>
      this.#get(path`/api/events/${id}`, { ...deliveries }),
    /** Delivers it again: to the endpoints that have not received it yet, or to those that `endpointIds` names. */
    replay: (id: string, options: api.ReplayOptions = {}): Promise<api.StartedTask> =>
      this.#send('POST', path`/api/events/${id}/replay`, options, false),
    /** Cancels its open deliveries and deletes it. With many deliveries a task does this, and the answer names it. */
    delete: (id: string): Promise<api.StartedTask | undefined> => this.#delete(path`/api/events/${id}`),
    ...this.#list<api.EventSummary, api.EventQuery>('/api/events'),
  };

  readonly endpoints = {
    create: (endpoint: api.NewEndpoint): Promise<api.Endpoint> =>
      this.#send('POST', '/api/endpoints', endpoint, false),
    /** Creates nothing and throws what `create` would throw, but does not check the limits of the application. */
    check: (endpoint: api.NewEndpoint): Promise<undefined> =>
      this.#send('POST', '/api/endpoints', endpoint, true, dryRun),
    get: (id: string): Promise<api.Endpoint> => this.#get(path`/api/endpoints/${id}`),
    /** Changes the given fields only. Null sets a field to its default. */
    update: (id: string, patch: api.EndpointPatch): Promise<api.Endpoint> =>
      this.#send('PATCH', path`/api/endpoints/${id}`, patch, true),
    delete: (id: string): Promise<undefined> => this.#delete(path`/api/endpoints/${id}`),
    /** Holds its deliveries until `resume`. */
    pause: (id: string): Promise<api.Endpoint> => this.#act(path`/api/endpoints/${id}/pause`),
    resume: (id: string): Promise<api.Endpoint> => this.#act(path`/api/endpoints/${id}/resume`),
    enable: (id: string): Promise<api.Endpoint> => this.#act(path`/api/endpoints/${id}/enable`),
    /** Cancels its open deliveries. It receives no further events. */
    disable: (id: string): Promise<api.Endpoint> => this.#act(path`/api/endpoints/${id}/disable`),
    secret: (id: string): Promise<api.Secret> => this.#get(path`/api/endpoints/${id}/secret`),
    /** Sets a new secret: the given one, or a generated one. Earlier secrets also sign until the overlap ends. */
    rotateSecret: (id: string, rotation: api.Rotation = {}): Promise<api.Secrets> =>
      this.#send('POST', path`/api/endpoints/${id}/rotate-secret`, rotation, false),
    /** Sends a real, signed request now and returns its result. */
    test: (id: string, request: api.TestRequest = {}): Promise<api.TestResult> =>
      this.#send('POST', path`/api/endpoints/${id}/test`, request, false),
    /** Starts its dead and cancelled deliveries again, for the events from `since` until `until`, or until now. */
    recover: (id: string, options: api.RecoverOptions): Promise<api.StartedTask> =>
      this.#send('POST', path`/api/endpoints/${id}/recover`, options, false),
    /** Its statistics, in total and by hour. */
    stats: (id: string, query: api.StatsQuery = {}): Promise<api.EndpointStats> =>
      this.#get(path`/api/endpoints/${id}/stats`, { ...query }),
    circuit: (id: string): Promise<api.Circuit> => this.#get(path`/api/endpoints/${id}/circuit`),
    resetCircuit: (id: string): Promise<api.Circuit> => this.#act(path`/api/endpoints/${id}/circuit/reset`),
    deliveries: (id: string, query: api.DeliveryQuery = {}): Promise<api.Page<api.Delivery>> =>
      this.#get(path`/api/endpoints/${id}/deliveries`, { ...query }),
    ...this.#list<api.Endpoint, api.PageQuery>('/api/endpoints'),
  };

  /** Registering event types is optional. A registered type can have a JSON Schema for its payloads. */
  readonly eventTypes = {
    create: (eventType: api.NewEventType): Promise<api.EventType> =>
      this.#send('POST', '/api/event-types', eventType, false),
    /** Registers nothing and throws what `create` would throw, but does not check the limits of the application. */
    check: (eventType: api.NewEventType): Promise<undefined> =>
      this.#send('POST', '/api/event-types', eventType, true, dryRun),
    get: (name: string): Promise<api.EventType> => this.#get(path`/api/event-types/${name}`),
    update: (name: string, patch: api.EventTypePatch): Promise<api.EventType> =>
      this.#send('PATCH', path`/api/event-types/${name}`, patch, true),
    delete: (name: string): Promise<undefined> => this.#delete(path`/api/event-types/${name}`),
    ...this.#list<api.EventType, api.PageQuery>('/api/event-types'),
  };

  readonly deliveries = {
    get: (id: string): Promise<api.Delivery> => this.#get(path`/api/deliveries/${id}`),
    /** Starts a new attempt now. */
    retry: (id: string): Promise<api.Delivery> => this.#act(path`/api/deliveries/${id}/retry`, false),
  };

  readonly deadLetters = {
    /** Starts dead letters again: all of them, those of one endpoint, or those that `deliveryIds` names. */
    redrive: (options: api.RedriveOptions = {}): Promise<api.StartedTask> =>
      this.#send('POST', '/api/dead-letters/redrive', options, true),
    ...this.#list<api.DeadLetter, api.DeadLetterQuery>('/api/dead-letters'),
  };

  readonly tasks = {
    get: (id: string): Promise<api.Task> => this.#get(path`/api/tasks/${id}`),
    /** The task ends after its current step. */
    cancel: (id: string): Promise<api.Task> => this.#act(path`/api/tasks/${id}/cancel`),
    ...this.#list<api.Task, api.PageQuery>('/api/tasks'),
  };

  /** Needs an operator's token. */
  readonly applications = {
    create: (application: api.NewApplication): Promise<api.Application> =>
      this.#send('POST', '/api/applications', application, false),
    get: (id: string): Promise<api.Application> => this.#get(path`/api/applications/${id}`),
    update: (id: string, patch: api.ApplicationPatch): Promise<api.Application> =>
      this.#send('PATCH', path`/api/applications/${id}`, patch, true),
    /**
     * Deletes an application without endpoints. When `confirm` repeats the id, everything that belongs to the
     * application is deleted too; this continues after the answer.
     */
    delete: (
      id: string,
      { confirm }: { readonly confirm?: string } = {},
    ): Promise<api.ApplicationRemoval | undefined> =>
      this.#delete(path`/api/applications/${id}`, { confirm }),
    /** A short-lived token for the application's own customers. Only this answer holds its text, `token`. */
    createPortalToken: (id: string, token: api.NewPortalToken = {}): Promise<api.CreatedPortalToken> =>
      this.#send('POST', path`/api/applications/${id}/portal-tokens`, token, false),
    ...this.#list<api.Application, api.PageQuery>('/api/applications'),
  };

  readonly tokens = {
    /** Only this answer holds the text of the token, `token`. */
    create: (token: api.NewToken): Promise<api.CreatedToken> =>
      this.#send('POST', '/api/tokens', token, false),
    get: (id: string, query: api.TokenQuery = {}): Promise<api.Token> =>
      this.#get(path`/api/tokens/${id}`, { ...query }),
    update: (id: string, patch: api.TokenPatch, query: api.TokenQuery = {}): Promise<api.Token> =>
      this.#send('PATCH', path`/api/tokens/${id}`, patch, true, { ...query }),
    /** The API refuses the token after at most a minute. */
    delete: (id: string, query: api.TokenQuery = {}): Promise<undefined> =>
      this.#delete(path`/api/tokens/${id}`, { ...query }),
    ...this.#list<api.Token, api.TokensQuery>('/api/tokens'),
  };

  /** The statistics of the application, in total and by hour. */
  stats(query: api.StatsQuery = {}): Promise<api.ApplicationStats> {
    return this.#get('/api/stats', { ...query });
  }

  readonly metrics = {
    get: (query: api.MetricsQuery = {}): Promise<api.Metrics> => this.#get('/api/metrics', { ...query }),
    /** The same numbers in the text format of Prometheus. */
    text: (query: api.MetricsQuery = {}): Promise<string> =>
      this.#answer({
        method: 'GET',
        path: '/metrics',
        query: { ...query },
        answer: 'text',
        repeatable: true,
      }),
  };

  #list<T, Query extends api.PageQuery>(where: string): List<T, Query> {
    const list = (query?: api.PageQuery): Promise<api.Page<T>> => this.#get(where, { ...query });
    return {
      list,
      async *all(query) {
        for (let cursor: string | undefined; ; ) {
          const page = await list({ limit: 100, ...query, ...(cursor === undefined ? {} : { cursor }) });
          yield* page.data;
          if (page.nextCursor === null) return;
          cursor = page.nextCursor;
        }
      },
    };
  }

  #get<T>(where: string, query: Call['query'] = {}): Promise<T> {
    return this.#answer({ method: 'GET', path: where, query, repeatable: true });
  }

  #send<T>(
    method: 'POST' | 'PATCH',
    where: string,
    body: object,
    repeatable: boolean,
    query: Call['query'] = {},
  ): Promise<T> {
    return this.#answer({ method, path: where, query, body: JSON.stringify(body), repeatable });
  }

  #act<T>(where: string, repeatable = true): Promise<T> {
    return this.#answer({ method: 'POST', path: where, repeatable });
  }

  #delete<T>(where: string, query: Call['query'] = {}): Promise<T> {
    return this.#answer({ method: 'DELETE', path: where, query, repeatable: true });
  }

  #post<T>(where: string, body: string, { idempotencyKey = randomUUID() }: api.PostOptions): Promise<T> {
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#answer({ method: 'POST', path: where, body, headers, repeatable: true });
  }

  async #answer<T>(call: Call): Promise<T> {
    // The answer is not validated: docs/openapi.json says what it is, and a newer deployment may add fields.
    return (await this.#transport.send(call)) as T;
  }
}

const dryRun = { dryRun: 'true' };

const path = (parts: TemplateStringsArray, ...ids: readonly string[]): string =>
  parts.reduce((text, part, index) => `${text}${encodeURIComponent(ids[index - 1] ?? '')}${part}`);

/** `payloadJson` is inserted unchanged, because parsing it would round its numbers. */
function eventJson({ payloadJson, ...event }: api.NewEvent): string {
  if (payloadJson === undefined) return JSON.stringify(event);
  const rest = JSON.stringify(event).slice(1);
  return `{"payload":${payloadJson}${rest === '}' ? '' : ','}${rest}`;
}
