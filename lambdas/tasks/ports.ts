import type { Delivery, DeliveryKey } from '#core/delivery/delivery.ts';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Matched, StoredEvent } from '#core/event/event.ts';
import type { ReadSegment } from '#core/event/matched.ts';
import type { ReceivedMessage } from '#core/message/received.ts';
import type { Page } from '#core/page/page.ts';
import type { Task } from '#core/task/task.ts';

/** What is left of a deleted event. */
export interface Erased extends Matched {
  readonly isDone: boolean;
}

/** Everything a redrive touches outside this process. Times are epoch milliseconds. */
export interface RedrivePorts extends ReleasePorts {
  now(): number;
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
  /** How long settled deliveries are kept, in milliseconds. */
  readonly retention: number;
  endpoint(endpointId: string): Promise<EndpointRecord | undefined>;
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  readonly segment: ReadSegment;
  /** What is left of a deleted event; makes sure that it is deleted. Undefined when there never was one. */
  erase(applicationId: string, eventId: string): Promise<Erased | undefined>;
  /** Notes that all deliveries of an erased event are ended. */
  erased(applicationId: string, event: Erased): Promise<void>;
  getMany(eventId: string, endpointIds: readonly string[]): Promise<readonly Delivery[]>;
  /** What died by `until`, longest dead first. */
  deadBy(
    applicationId: string,
    shard: number,
    until: number,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<DeliveryKey>>;
  /** An endpoint's deliveries of the events from `since` until `until` that are dead or cancelled, oldest first. */
  unsuccessful(
    endpointId: string,
    shard: number,
    range: {
      readonly since: number;
      readonly until: number;
      readonly limit: number;
      readonly after?: string;
    },
  ): Promise<Page<Delivery>>;
  readonly tasks: {
    get(id: string): Promise<Task | undefined>;
    store(next: Task): Promise<boolean>;
  };
  /** Queues the message that asks for the task's next step; rejects when it is refused. */
  queueStep(task: Task, delay: number): Promise<void>;
  /** Queues a message of a version that this release does not know again, invisible for `delay` milliseconds. */
  sendAgain(received: ReceivedMessage, delay: number): Promise<void>;
  /** Keeps a body that nobody can read in the dead-letter queue, where people look. */
  setAside(body: string): Promise<void>;
  /** Told of what is set aside, and why. */
  unreadable(reason: string): void;
}
