import { type Api, apiOf } from './api.ts';
import { eventJson } from './event-json.ts';
import { type CallOptions, type ClientOptions, type SendOptions, settingsOf } from './options.ts';
import { type Ports, runtimePorts } from './ports.ts';
import { applicationsOf } from './resources/applications.ts';
import { deadLettersOf, deliveriesOf } from './resources/deliveries.ts';
import { endpointsOf } from './resources/endpoints.ts';
import { eventTypesOf } from './resources/event-types.ts';
import { eventsOf } from './resources/events.ts';
import { metricsOf } from './resources/metrics.ts';
import { tasksOf } from './resources/tasks.ts';
import { tokensOf } from './resources/tokens.ts';
import { keyed, sendIf, sendMany, sendOne } from './send.ts';
import { Transport } from './transport.ts';
import type * as api from './types.ts';

/**
 * The API of one deployment. A method rejects with `ApiError` when the API answers with an error, with `NoAnswerError`
 * when there is no answer, and with `UnexpectedAnswerError` when something other than the API answers.
 *
 * The client repeats a request after a temporary error when a second request has the same effect as one: reads, changes
 * that state the new value, and posted events, because they carry an idempotency key.
 */
export class Hook0Client {
  readonly #call: Api;
  readonly #newKey: () => string;
  readonly events: ReturnType<typeof eventsOf>;
  readonly endpoints: ReturnType<typeof endpointsOf>;
  /** Registering event types is optional. A registered type can have a JSON Schema for its payloads. */
  readonly eventTypes: ReturnType<typeof eventTypesOf>;
  readonly deliveries: ReturnType<typeof deliveriesOf>;
  readonly deadLetters: ReturnType<typeof deadLettersOf>;
  readonly tasks: ReturnType<typeof tasksOf>;
  /** Needs an operator's token. */
  readonly applications: ReturnType<typeof applicationsOf>;
  readonly tokens: ReturnType<typeof tokensOf>;
  readonly metrics: ReturnType<typeof metricsOf>;

  /** @throws Hook0Error when an option is invalid */
  constructor(options?: ClientOptions);
  /** @internal */
  constructor(options: ClientOptions, ports: Ports);
  constructor(options: ClientOptions = {}, ports: Ports = runtimePorts()) {
    this.#newKey = ports.newKey;
    this.#call = apiOf(new Transport(settingsOf(options, ports.env), ports));
    this.events = eventsOf(this.#call);
    this.endpoints = endpointsOf(this.#call);
    this.eventTypes = eventTypesOf(this.#call);
    this.deliveries = deliveriesOf(this.#call);
    this.deadLetters = deadLettersOf(this.#call);
    this.tasks = tasksOf(this.#call);
    this.applications = applicationsOf(this.#call);
    this.tokens = tokensOf(this.#call);
    this.metrics = metricsOf(this.#call);
  }

  /** Posts an event. When this resolves, the event is stored and each of its deliveries is queued or held. */
  async sendEvent(event: api.NewEvent, options: SendOptions = {}): Promise<api.AcceptedEvent> {
    return sendOne(this.#call, eventJson(event, 'event'), keyed(options, this.#newKey));
  }

  /**
   * Posts any number of events, in as few requests as the limits of the API allow.
   *
   * @returns one result for each event, in order: an event that the API refuses does not stop the others
   * @throws PartlySentError when a request fails after others were answered. When the first one fails, its own error
   */
  async sendEvents(events: readonly api.NewEvent[], options: SendOptions = {}): Promise<api.BatchResult[]> {
    return sendMany(this.#call, events, keyed(options, this.#newKey));
  }

  /** Posts an event if `condition`, which gets the payload, returns or resolves to true. */
  async sendEventIf<Payload = unknown>(
    event: api.ConditionalEvent<Payload>,
    options: SendOptions = {},
  ): Promise<api.ConditionalResult> {
    const withKey = keyed(options, this.#newKey);
    return sendIf(event, (json) => sendOne(this.#call, json, withKey));
  }

  /** The statistics of the application, in total and by hour. */
  async stats(query?: api.StatsQuery, options?: CallOptions): Promise<api.ApplicationStats> {
    return this.#call('getStats', { query: { ...query }, options });
  }
}
