import type { Page, PageRequest } from '#adapters/http-api/page.ts';
import type { Application } from '#core/application/application.ts';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { ApiStatus } from '#core/delivery/delivery-view.ts';
import type { Endpoint, EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { ListedEvent, Matched, MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import type { EventType } from '#core/event-type/event-type.ts';
import type { Subject } from '#core/statistics/contribution.ts';
import type { Counters } from '#core/statistics/counters.ts';
import type { Task } from '#core/task/task.ts';
import type { TokenRecord } from '#core/token/token.ts';

// What the API needs of the outside. Times are epoch milliseconds.

export interface Applications {
  /** `used`: the id was a former application's, and events of it may still stand. */
  create(application: Application): Promise<'created' | 'exists' | 'used'>;
  get(id: string): Promise<Application | undefined>;
  list(page: PageRequest): Promise<Page<Application>>;
  update(id: string, change: (application: Application) => Application): Promise<Application | undefined>;
  /** With `whole`, endpoints and all: `purging` says that these are taken down behind the answer. */
  remove(
    id: string,
    options: { readonly whole: boolean },
  ): Promise<'removed' | 'purging' | 'missing' | 'not_empty'>;
}

export interface Endpoints {
  create(endpoint: Endpoint): Promise<void>;
  get(applicationId: string, id: string): Promise<EndpointRecord | undefined>;
  list(applicationId: string, page: PageRequest): Promise<Page<EndpointRecord>>;
  update(
    applicationId: string,
    id: string,
    change: (record: EndpointRecord) => EndpointRecord,
  ): Promise<EndpointRecord | undefined>;
  remove(applicationId: string, id: string): Promise<boolean>;
}

export interface EventTypes {
  create(eventType: EventType): Promise<void>;
  get(applicationId: string, name: string): Promise<EventType | undefined>;
  list(applicationId: string, page: PageRequest): Promise<Page<EventType>>;
  update(
    applicationId: string,
    name: string,
    change: (eventType: EventType) => EventType,
  ): Promise<EventType | undefined>;
  remove(applicationId: string, name: string): Promise<boolean>;
}

export interface Tokens {
  create(record: TokenRecord, hash: string): Promise<unknown>;
  /** `owner` is an application or `*` for operators' tokens. */
  list(owner: string, page: PageRequest): Promise<Page<TokenRecord>>;
  get(owner: string, id: string): Promise<TokenRecord | undefined>;
  update(
    owner: string,
    id: string,
    change: (record: TokenRecord) => TokenRecord,
  ): Promise<TokenRecord | undefined>;
  remove(owner: string, id: string): Promise<boolean>;
}

export interface EventFilter {
  readonly type?: string;
  readonly source?: string;
  readonly tag?: string;
  readonly since?: number;
  readonly until?: number;
}

export interface Events {
  get(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  /** Segments count from 0. */
  segment(eventId: string, segment: number): Promise<readonly MatchedEndpoint[] | undefined>;
  list(applicationId: string, query: EventFilter & PageRequest): Promise<Page<ListedEvent>>;
  /** Takes away all but which endpoints it matched; undefined when there is none. Repeating it is harmless. */
  erase(applicationId: string, eventId: string): Promise<Erased | undefined>;
  /** Notes that all deliveries of an erased event are ended. */
  erased(applicationId: string, event: Erased): Promise<void>;
}

/** What is left of a deleted event. */
export interface Erased extends Matched {
  /** Its deliveries are ended. */
  readonly isDone: boolean;
}

/** Times are those of the deliveries' events. */
export interface DeliveryFilter {
  readonly status?: ApiStatus;
  readonly since?: number;
  readonly until?: number;
}

export interface Deliveries {
  get(endpointId: string, eventId: string): Promise<Delivery | undefined>;
  getMany(eventId: string, endpointIds: readonly string[]): Promise<readonly Delivery[]>;
  listByEndpoint(endpointId: string, query: PageRequest & DeliveryFilter): Promise<Page<Delivery>>;
  dead(applicationId: string, query: PageRequest & { readonly endpointId?: string }): Promise<Page<Delivery>>;
  store(next: Delivery): Promise<'stored' | { readonly standing: Delivery | undefined }>;
}

export interface Stats {
  /** The hours that begin from `since` (inclusive) until `until` (exclusive), earliest first; empty ones are left out. */
  hours(
    subject: Subject,
    since: number,
    until: number,
  ): Promise<readonly { readonly start: number; readonly counters: Counters }[]>;
  /** All time, in the order of the subjects; undefined where nothing was counted yet. */
  totals(
    subjects: readonly Subject[],
  ): Promise<readonly ({ readonly counters: Counters; readonly updatedAt: number } | undefined)[]>;
}

export interface Tasks {
  get(id: string): Promise<Task | undefined>;
  /** Stores a new one, unless the application has `most` that are not over; then tells those. */
  start(task: Task, most: number): Promise<'stored' | { readonly unfinished: readonly Task[] }>;
  /** False when the revision before it is not the one that stands. */
  store(next: Task): Promise<boolean>;
  /** Newest first. */
  list(applicationId: string, page: PageRequest): Promise<Page<Task>>;
  /** Queues the message that asks for the task's next step; rejects when it is refused. */
  queueStep(task: Task, delay: number): Promise<void>;
}
