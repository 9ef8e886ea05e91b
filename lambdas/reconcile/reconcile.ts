import type { DeliveryKey } from '#core/delivery/delivery.ts';
import type { ListedEvent } from '#core/event/event.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import { type LostPorts, queueLost } from './queue-lost.ts';
import { type Sweep, sweepFor } from './sweep.ts';
import { type WatchHeldPorts, watchHeld } from './watch-held.ts';

/** What a sweep touches outside this process. Times are epoch milliseconds. */
export interface SweepPorts extends LostPorts, WatchHeldPorts {
  /** All deliveries that a pause or an open circuit holds, page by page. */
  everyHeld(after: string | undefined): Promise<Page<DeliveryKey>>;
  applications(page: PageRequest): Promise<Page<{ readonly id: string }>>;
  /** An application's events, newest first, accepted from `since` until `until` (exclusive). */
  events(
    applicationId: string,
    query: PageRequest & { readonly since: number; readonly until: number },
  ): Promise<Page<ListedEvent>>;
  readonly sweeps: {
    get(): Promise<Sweep | undefined>;
    /** False when the revision before it is not the one that stands. */
    store(next: Sweep): Promise<boolean>;
  };
}

const eventsPerPage = 100;

/**
 * Finds held deliveries whose endpoint the scheduler does not look at, and makes it look. Then finds accepted deliveries
 * that have neither an item nor a message any more, and queues them. Continues where an earlier invocation stopped, and
 * stops when its own time is over.
 *
 * @param since starts a new sweep there, epoch milliseconds
 * @returns how many deliveries this invocation queued, and whether the sweep is finished; undefined when none was due
 */
export async function reconcile(
  ports: SweepPorts,
  since?: number,
): Promise<{ readonly queued: number; readonly finished: boolean } | undefined> {
  let sweep = sweepFor(await ports.sweeps.get(), ports.now(), ports.retention, since);
  if (!sweep) return undefined;
  const before = sweep.queued;
  while (sweep.finishedAt === undefined && ports.hasTime()) {
    const next = await (sweep.areHeldWatched ? workOnPage : workOnHeld)(sweep, ports);
    // Another invocation works on the same sweep and continues it.
    if (!(await ports.sweeps.store(next))) return { queued: next.queued - before, finished: false };
    sweep = next;
  }
  return { queued: sweep.queued - before, finished: sweep.finishedAt !== undefined };
}

async function workOnHeld(sweep: Sweep, ports: SweepPorts): Promise<Sweep> {
  const { items, next } = await ports.everyHeld(sweep.after);
  await watchHeld(items, ports);
  const moved = { ...sweep, revision: sweep.revision + 1, after: next };
  return next === undefined ? { ...moved, areHeldWatched: true } : moved;
}

/** Queues what is lost of one page of events before it moves the cursor, so that a crash repeats the page. */
async function workOnPage(sweep: Sweep, ports: SweepPorts): Promise<Sweep> {
  const { since, until, applicationsDone } = sweep;
  const moved = { ...sweep, revision: sweep.revision + 1, after: undefined };
  const applications = await ports.applications({ limit: 1, after: applicationsDone });
  const [application] = applications.items;
  if (!application) {
    // A page may be empty though more follow, because it leaves out applications that are being removed.
    return applications.next === undefined
      ? { ...moved, finishedAt: ports.now() }
      : { ...moved, applicationsDone: applications.next };
  }
  const page = await ports.events(application.id, { since, until, limit: eventsPerPage, after: sweep.after });
  const lost = await queueLost(page.items, ports);
  const queued = sweep.queued + lost.queued;
  const after = lost.stoppedAfter ?? page.next;
  return after === undefined
    ? { ...moved, queued, applicationsDone: application.id }
    : { ...moved, queued, after };
}
