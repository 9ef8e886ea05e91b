import { type Delivery, newDelivery } from '#core/delivery/delivery.ts';
import { wakeUp } from '#core/delivery/messages.ts';
import { askedAt, restart, retryable } from '#core/delivery/restart.ts';
import { lostAfter } from '#core/delivery/watchdog.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { matchedAmong, matchedEndpoints, type ReadSegment } from '#core/event/matched.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { type Counts, countEach, nothing, perStep } from './progress.ts';
import { type RestartPorts, reachableOf } from './reachable.ts';

type Replay = Extract<TaskWork, { kind: 'replay' }>;

export interface ReplayPorts extends RestartPorts {
  /** Consistent. */
  event(applicationId: string, eventId: string): Promise<StoredEvent | undefined>;
  readonly segment: ReadSegment;
  /** Those of an event's deliveries that have an item. */
  getMany(eventId: string, endpointIds: readonly string[]): Promise<readonly Delivery[]>;
}

/** Sends an event again, to the endpoints that the task names, or to those that have not received it. */
export async function replay(task: Task, work: Replay, ports: ReplayPorts): Promise<TaskProgress> {
  const event = await ports.event(task.applicationId, work.eventId);
  if (!event) return nothing;
  if (work.endpointIds) {
    // A task names at most a hundred endpoints, which is one step.
    const named = await matchedAmong(event, work.endpointIds, ports.segment);
    return replayTo(named, { task, event, byName: true }, ports);
  }
  const start = task.cursor.part;
  const matched = await matchedEndpoints(event, start, perStep, ports.segment);
  const done = await replayTo(matched, { task, event, byName: false }, ports);
  const end = start + matched.length;
  return matched.length > 0 && end < event.endpointCount ? { ...done, cursor: { part: end } } : done;
}

interface Replayed {
  readonly task: Task;
  readonly event: StoredEvent;
  /** Whether the task names the endpoints. Then those that received the event get it once more. */
  readonly byName: boolean;
}

async function replayTo(
  wanted: readonly MatchedEndpoint[],
  replayed: Replayed,
  ports: ReplayPorts,
): Promise<Counts> {
  const ids = wanted.map(({ endpointId }) => endpointId);
  const stored = await ports.getMany(replayed.event.id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  const reachable = await reachableOf(wanted, ports);
  return countEach(
    wanted,
    async (matched) =>
      reachable.has(matched.endpointId) &&
      (await replayDelivery(replayed, matched, byEndpoint.get(matched.endpointId), ports)),
  );
}

/**
 * @param delivery as it stands, undefined without an item
 * @returns whether the event is sent
 */
async function replayDelivery(
  { task, event, byName }: Replayed,
  matched: MatchedEndpoint,
  delivery: Delivery | undefined,
  ports: ReplayPorts,
): Promise<boolean> {
  const now = ports.now();
  const unstored = newDelivery(
    { applicationId: event.applicationId, eventId: event.id, ...matched },
    event.timestamp,
  );
  if (!delivery) {
    const age = now - event.deliverAt;
    // The message of its first attempt is in a queue.
    if (age < lostAfter) return false;
    if (age < ports.retention) {
      await ports.wake(unstored, wakeUp(unstored), 0);
      return true;
    }
    // It was settled so long ago that its item has expired: whether it succeeded is unknown.
    if (!byName) return false;
  }
  const from = delivery ? retryable(now, byName) : () => ['queued' as const];
  const asked = askedAt(task.createdAt, from);
  const { kind } = await restart(ports, delivery ?? unstored, asked, now, {
    taskId: task.id,
    hops: task.hops,
  });
  return kind === 'restarted';
}
