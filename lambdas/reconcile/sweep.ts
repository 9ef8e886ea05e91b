import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { type DispatchPorts, dispatch } from '#core/delivery/dispatch.ts';
import {
  inlineEndpoints,
  type ListedEvent,
  type MatchedEndpoint,
  type StoredEvent,
} from '#core/event/event.ts';
import { allMatched, type ReadSegment } from '#core/event/matched.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import { type Pass, passFor } from './sweep-pass.ts';

/** Everything a walk touches outside this process. Times are epoch milliseconds. */
export interface WalkPorts extends DispatchPorts {
  /** Whether there is time for more in this invocation. */
  hasTime(): boolean;
  /** How long settled deliveries are kept, in milliseconds. */
  readonly retention: number;
  applications(page: PageRequest): Promise<Page<{ readonly id: string }>>;
  /** An application's events, newest first, accepted from `since` until `until` (exclusive). */
  events(
    applicationId: string,
    query: PageRequest & { readonly since: number; readonly until: number },
  ): Promise<Page<ListedEvent>>;
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  readonly segment: ReadSegment;
  /** Those of the deliveries that have no item. */
  without(deliveries: readonly DeliveryKey[]): Promise<readonly DeliveryKey[]>;
  readonly passes: {
    get(): Promise<Pass | undefined>;
    store(next: Pass): Promise<boolean>;
  };
}

const eventsPerPage = 100;

/**
 * Looks for accepted deliveries that have neither an item nor a message any more, and queues them. Goes on where an
 * earlier invocation stopped, and stops when its own time is over.
 *
 * @param since begins a new pass there, epoch milliseconds
 * @returns how many it queued in this invocation, and whether the pass is finished; undefined when none was due
 */
export async function reconcile(
  ports: WalkPorts,
  since?: number,
): Promise<{ readonly queued: number; readonly finished: boolean } | undefined> {
  let pass = passFor(await ports.passes.get(), ports.now(), ports.retention, since);
  if (!pass) return undefined;
  const before = pass.queued;
  while (pass.finishedAt === undefined && ports.hasTime()) {
    const moved = await nextPage(pass, ports);
    // Another invocation works on the same pass: it is theirs.
    if (!(await ports.passes.store(moved))) return { queued: moved.queued - before, finished: false };
    pass = moved;
  }
  return { queued: pass.queued - before, finished: pass.finishedAt !== undefined };
}

/** Works through one page of events, and says how far the pass is then. The queue comes first, then the cursor. */
async function nextPage(pass: Pass, ports: WalkPorts): Promise<Pass> {
  const { applicationsDone, after, ...rest } = pass;
  const moved = { ...rest, revision: pass.revision + 1 };
  const done = applicationsDone === undefined ? {} : { applicationsDone };
  const { items, next } = await ports.applications({
    limit: 1,
    ...(applicationsDone === undefined ? {} : { after: applicationsDone }),
  });
  const [application] = items;
  if (!application) {
    // A page may be empty though more follow: an application that is being removed is left out.
    return next === undefined
      ? { ...moved, ...done, finishedAt: ports.now() }
      : { ...moved, applicationsDone: next };
  }
  const page = await ports.events(application.id, {
    since: pass.since,
    until: pass.until,
    limit: eventsPerPage,
    ...(after === undefined ? {} : { after }),
  });
  const missing = await queueMissing(page.items, ports);
  const queued = pass.queued + missing.queued;
  const goOn = missing.stoppedAfter ?? page.next;
  if (goOn !== undefined) return { ...moved, ...done, queued, after: goOn };
  return { ...moved, queued, applicationsDone: application.id };
}

/**
 * Queues what is missing of a page of events, in their order. `stoppedAfter`: the time was over after this event, since
 * a hundred wide events may take longer than a function lives.
 */
async function queueMissing(
  events: readonly ListedEvent[],
  ports: WalkPorts,
): Promise<{ readonly queued: number; readonly stoppedAfter?: string }> {
  let queued = 0;
  let last: string | undefined;
  for (const group of inGroups(events)) {
    if (last !== undefined && !ports.hasTime()) return { queued, stoppedAfter: last };
    // What settled a retention ago has no item any more either.
    const open = group.filter(({ deliverAt }) => ports.now() - deliverAt < ports.retention);
    const narrow = open.filter((event) => !isWide(event));
    queued += await queueThose(
      narrow.map((event) => ({ event, endpoints: event.endpoints })),
      ports,
    );
    for (const event of open.filter(isWide)) {
      for await (const endpoints of allMatched(event, ports.segment)) {
        queued += await queueThose([{ event, endpoints }], ports);
      }
    }
    last = group.at(-1)?.id;
  }
  return { queued };
}

const isWide = ({ endpointCount }: ListedEvent): boolean => endpointCount > inlineEndpoints;

/** Wide events alone, the others between them together. */
function inGroups(events: readonly ListedEvent[]): ListedEvent[][] {
  const groups: ListedEvent[][] = [];
  let narrow: ListedEvent[] | undefined;
  for (const event of events) {
    if (narrow !== undefined && !isWide(event)) {
      narrow.push(event);
      continue;
    }
    const group = [event];
    groups.push(group);
    narrow = isWide(event) ? undefined : group;
  }
  return groups;
}

async function queueThose(
  all: readonly { readonly event: ListedEvent; readonly endpoints: readonly MatchedEndpoint[] }[],
  ports: WalkPorts,
): Promise<number> {
  const references = all.flatMap(({ event, endpoints }) =>
    endpoints.map(({ endpointId }) => ({ endpointId, eventId: event.id })),
  );
  if (references.length === 0) return 0;
  const missing = new Set((await ports.without(references)).map(keyText));
  const lost = all
    .map(({ event, endpoints }) => ({
      event,
      endpoints: endpoints.filter(({ endpointId }) =>
        missing.has(keyText({ endpointId, eventId: event.id })),
      ),
    }))
    .filter(({ endpoints }) => endpoints.length > 0);
  const found = await Promise.all(
    lost.map(async ({ event, endpoints }) => {
      const whole = await ports.event(event.applicationId, event.id);
      return whole === undefined ? [] : [{ event: whole, endpoints }];
    }),
  );
  const queued = found.flat();
  // As a repetition: its message may yet be somewhere, so whoever receives this one looks before it sends.
  if (queued.length > 0) await dispatch(queued, false, ports);
  return queued.reduce((count, { endpoints }) => count + endpoints.length, 0);
}

const keyText = ({ endpointId, eventId }: DeliveryKey): string => `${endpointId} ${eventId}`;
