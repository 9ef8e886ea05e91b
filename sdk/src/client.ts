import { randomUUID } from 'node:crypto';
import type { ApplicationStats, EndpointStats, Metrics, MetricsQuery, StatsQuery } from './stats-types.ts';
import { type Call, type ClientOptions, Transport } from './transport.ts';
import type {
  AcceptedEvent,
  Application,
  ApplicationPatch,
  Circuit,
  DeadLetter,
  Delivery,
  DeliveryQuery,
  Endpoint,
  EndpointPatch,
  EventQuery,
  EventSummary,
  EventType,
  NewApplication,
  NewEndpoint,
  NewEvent,
  NewEventType,
  NewPortalToken,
  NewToken,
  Page,
  PageQuery,
  PostOptions,
  RefusedEvent,
  Rotation,
  Secrets,
  StoredEvent,
  Task,
  TaskOptions,
  TestRequest,
  TestResult,
  Token,
  TokenPatch,
} from './types.ts';

/** Whose tokens are meant: an application, or `*` for the operators' own. @default - the application of the request */
interface OwnerQuery {
  readonly applicationId?: string;
}

/** Reads lists: a page, or all of them one after the other. */
interface List<T, Query extends PageQuery> {
  list(query?: Query): Promise<Page<T>>;
  /** Everything, page by page as it is asked for. */
  all(query?: Omit<Query, 'cursor'>): AsyncGenerator<T, void, undefined>;
}

/**
 * The API of a deployment. Methods throw `ApiError` for answers that are no success, `NoAnswerError` when none came.
 *
 * Requests that met trouble that passes are repeated, where repeating does no harm: reads, changes that say what is
 * to be, and posted events, which carry an idempotency key.
 */
export class Hook0Client {
  readonly #transport: Transport;

  /** @throws Hook0Error for options that cannot work */
  constructor(options: ClientOptions, transport: Transport = new Transport(options)) {
    this.#transport = transport;
  }

  readonly events = {
    /** Posts an event; when this resolves, it is stored and each of its deliveries is queued or held. */
    send: (event: NewEvent, options: PostOptions = {}): Promise<AcceptedEvent> =>
      this.#post('/api/events', eventJson(event), options),
    /** Posts up to 100 events. Each has its own result, in order. */
    sendBatch: async (
      events: readonly NewEvent[],
      options: PostOptions = {},
    ): Promise<readonly (AcceptedEvent | RefusedEvent)[]> => {
      const body = `{"events":[${events.map(eventJson).join(',')}]}`;
      const answer = await this.#post<{ results: readonly (AcceptedEvent | RefusedEvent)[] }>(
        '/api/events/batch',
        body,
        options,
      );
      return answer.results;
    },
    /** With its payload and a page of its deliveries, of which there may be thousands. */
    get: (id: string, deliveries: PageQuery = {}): Promise<StoredEvent> =>
      this.#get(path`/api/events/${id}`, { ...deliveries }),
    /** Sends it again: to those of its endpoints that have not had it, or to those that are named. */
    replay: (
      id: string,
      options: TaskOptions & { readonly endpointIds?: readonly string[] } = {},
    ): Promise<{ taskId: string }> => this.#send('POST', path`/api/events/${id}/replay`, options, false),
    /** Ends what is left of its deliveries, and deletes it: now, or by the task that is answered. */
    delete: (id: string): Promise<{ taskId: string } | undefined> => this.#delete(path`/api/events/${id}`),
    ...this.#list<EventSummary, EventQuery>('/api/events'),
  };

  readonly endpoints = {
    create: (endpoint: NewEndpoint): Promise<Endpoint> =>
      this.#send('POST', '/api/endpoints', endpoint, false),
    /** Throws what `create` would throw, but for a limit that is reached, and creates nothing. */
    check: (endpoint: NewEndpoint): Promise<undefined> =>
      this.#send('POST', '/api/endpoints', endpoint, true, dryRun),
    get: (id: string): Promise<Endpoint> => this.#get(path`/api/endpoints/${id}`),
    /** Changes what is given. */
    update: (id: string, patch: EndpointPatch): Promise<Endpoint> =>
      this.#send('PATCH', path`/api/endpoints/${id}`, patch, true),
    delete: (id: string): Promise<undefined> => this.#delete(path`/api/endpoints/${id}`),
    /** Holds its deliveries until it is resumed. */
    pause: (id: string): Promise<Endpoint> => this.#act(path`/api/endpoints/${id}/pause`),
    resume: (id: string): Promise<Endpoint> => this.#act(path`/api/endpoints/${id}/resume`),
    enable: (id: string): Promise<Endpoint> => this.#act(path`/api/endpoints/${id}/enable`),
    /** Cancels its deliveries and matches no more. */
    disable: (id: string): Promise<Endpoint> => this.#act(path`/api/endpoints/${id}/disable`),
    secret: (id: string): Promise<Secrets & { secret: string }> =>
      this.#get(path`/api/endpoints/${id}/secret`),
    /** Makes another secret, or takes one; those before it go on signing for the overlap. */
    rotateSecret: (id: string, rotation: Rotation = {}): Promise<Secrets> =>
      this.#send('POST', path`/api/endpoints/${id}/rotate-secret`, rotation, false),
    /** Sends a real, signed request now, and tells what came of it. */
    test: (id: string, request: TestRequest = {}): Promise<TestResult> =>
      this.#send('POST', path`/api/endpoints/${id}/test`, request, false),
    /** Starts again what it did not get of the events from `since` to `until`, or to now. */
    recover: (
      id: string,
      options: TaskOptions & { readonly since: string; readonly until?: string },
    ): Promise<{ taskId: string }> => this.#send('POST', path`/api/endpoints/${id}/recover`, options, false),
    /** By hour. */
    stats: (id: string, query: StatsQuery = {}): Promise<EndpointStats> =>
      this.#get(path`/api/endpoints/${id}/stats`, { ...query }),
    circuit: (id: string): Promise<Circuit> => this.#get(path`/api/endpoints/${id}/circuit`),
    resetCircuit: (id: string): Promise<Circuit> => this.#act(path`/api/endpoints/${id}/circuit/reset`),
    deliveries: (id: string, query: DeliveryQuery = {}): Promise<Page<Delivery>> =>
      this.#get(path`/api/endpoints/${id}/deliveries`, { ...query }),
    ...this.#list<Endpoint, PageQuery>('/api/endpoints'),
  };

  /** They need not be registered; one that is may have a JSON Schema. */
  readonly eventTypes = {
    create: (eventType: NewEventType): Promise<EventType> =>
      this.#send('POST', '/api/event-types', eventType, false),
    /** Throws what `create` would throw, but for a limit that is reached, and registers nothing. */
    check: (eventType: NewEventType): Promise<undefined> =>
      this.#send('POST', '/api/event-types', eventType, true, dryRun),
    get: (name: string): Promise<EventType> => this.#get(path`/api/event-types/${name}`),
    update: (name: string, patch: Partial<Omit<NewEventType, 'name'>>): Promise<EventType> =>
      this.#send('PATCH', path`/api/event-types/${name}`, patch, true),
    delete: (name: string): Promise<undefined> => this.#delete(path`/api/event-types/${name}`),
    ...this.#list<EventType, PageQuery>('/api/event-types'),
  };

  readonly deliveries = {
    get: (id: string): Promise<Delivery> => this.#get(path`/api/deliveries/${id}`),
    /** Attempts it again, now. */
    retry: (id: string): Promise<Delivery> => this.#act(path`/api/deliveries/${id}/retry`, false),
  };

  readonly deadLetters = {
    /** Starts dead letters again: all, those of an endpoint, or those that are named. */
    redrive: (
      which: TaskOptions & { readonly endpointId?: string; readonly deliveryIds?: readonly string[] } = {},
    ): Promise<{ taskId: string }> => this.#send('POST', '/api/dead-letters/redrive', which, true),
    ...this.#list<DeadLetter, PageQuery & { readonly endpointId?: string }>('/api/dead-letters'),
  };

  readonly tasks = {
    get: (id: string): Promise<Task> => this.#get(path`/api/tasks/${id}`),
    /** It ends after the step that it is at. */
    cancel: (id: string): Promise<Task> => this.#act(path`/api/tasks/${id}/cancel`),
    ...this.#list<Task, PageQuery>('/api/tasks'),
  };

  /** For operators' tokens. */
  readonly applications = {
    create: (application: NewApplication): Promise<Application> =>
      this.#send('POST', '/api/applications', application, false),
    get: (id: string): Promise<Application> => this.#get(path`/api/applications/${id}`),
    update: (id: string, patch: ApplicationPatch): Promise<Application> =>
      this.#send('PATCH', path`/api/applications/${id}`, patch, true),
    /** One without endpoints; with `confirm`, its id again, one with everything that it has, which takes a while. */
    delete: (
      id: string,
      { confirm }: { readonly confirm?: string } = {},
    ): Promise<{ id: string; status: 'purging' } | undefined> =>
      this.#delete(path`/api/applications/${id}`, { confirm }),
    /** A short-lived token for the application's own customers. Its text, `token`, is shown this once. */
    createPortalToken: (id: string, token: NewPortalToken = {}): Promise<Token & { token: string }> =>
      this.#send('POST', path`/api/applications/${id}/portal-tokens`, token, false),
    ...this.#list<Application, PageQuery>('/api/applications'),
  };

  readonly tokens = {
    /** Its text, `token`, is shown this once. */
    create: (token: NewToken): Promise<Token & { token: string }> =>
      this.#send('POST', '/api/tokens', token, false),
    get: (id: string, query: OwnerQuery = {}): Promise<Token> =>
      this.#get(path`/api/tokens/${id}`, { ...query }),
    update: (id: string, patch: TokenPatch, query: OwnerQuery = {}): Promise<Token> =>
      this.#send('PATCH', path`/api/tokens/${id}`, patch, true, { ...query }),
    /** It is refused within a minute. */
    delete: (id: string, query: OwnerQuery = {}): Promise<undefined> =>
      this.#delete(path`/api/tokens/${id}`, { ...query }),
    ...this.#list<Token, PageQuery & OwnerQuery>('/api/tokens'),
  };

  /** Of the application, by hour. */
  stats(query: StatsQuery = {}): Promise<ApplicationStats> {
    return this.#get('/api/stats', { ...query });
  }

  readonly metrics = {
    get: (query: MetricsQuery = {}): Promise<Metrics> => this.#get('/api/metrics', { ...query }),
    /** The same in Prometheus' text format. */
    text: (query: MetricsQuery = {}): Promise<string> =>
      this.#answer({
        method: 'GET',
        path: '/metrics',
        query: { ...query },
        answer: 'text',
        repeatable: true,
      }),
  };

  #list<T, Query extends PageQuery>(where: string): List<T, Query> {
    const list = (query?: PageQuery): Promise<Page<T>> => this.#get(where, { ...query });
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

  #post<T>(where: string, body: string, { idempotencyKey = randomUUID() }: PostOptions): Promise<T> {
    const headers = { 'idempotency-key': idempotencyKey };
    return this.#answer({ method: 'POST', path: where, body, headers, repeatable: true });
  }

  async #answer<T>(call: Call): Promise<T> {
    // The API's answers are what its document says; nothing here would be the better for a second check.
    return (await this.#transport.send(call)) as T;
  }
}

const dryRun = { dryRun: 'true' };

const path = (parts: TemplateStringsArray, ...ids: readonly string[]): string =>
  parts.reduce((text, part, index) => `${text}${encodeURIComponent(ids[index - 1] ?? '')}${part}`);

/** A payload that is JSON already stays as it is written: parsing it would round its numbers. */
function eventJson({ payloadJson, ...event }: NewEvent): string {
  if (payloadJson === undefined) return JSON.stringify(event);
  const rest = JSON.stringify(event).slice(1);
  return `{"payload":${payloadJson}${rest === '}' ? '' : ','}${rest}`;
}
