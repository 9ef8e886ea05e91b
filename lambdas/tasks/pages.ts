import { attentionShards } from '#core/delivery/attention.ts';
import type { DeliveryKey } from '#core/delivery/delivery.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import { matchedAmong, matchedEndpoints } from '#core/event/matched.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import type { Task, TaskCursor, TaskProgress, TaskWork } from '#core/task/task.ts';
import { type Counts, countEach, perStep, reachableOf, sum } from './each.ts';
import { endDeliveries } from './end-deliveries.ts';
import type { RedrivePorts } from './ports.ts';
import { recover } from './recover.ts';
import { redriveDelivery, replayDelivery } from './start-again.ts';

type Redrive = Extract<TaskWork, { kind: 'redrive' }>;
type Replay = Extract<TaskWork, { kind: 'replay' }>;

/** Does the next part of a task's work: about a hundred deliveries. Doing it twice starts nothing twice. */
export function workOn(task: Task, ports: RedrivePorts): Promise<TaskProgress> {
  const { work } = task;
  switch (work.kind) {
    case 'redrive':
      return work.deliveryIds ? redriveNamed(task, work.deliveryIds, ports) : redriveAll(task, work, ports);
    case 'replay':
      return replay(task, work, ports);
    case 'recover':
      return recover(task, work, ports);
    case 'delete-event':
      return endDeliveries(task, work, ports);
  }
}

async function redriveNamed(task: Task, ids: readonly string[], ports: RedrivePorts): Promise<TaskProgress> {
  const named = ids.flatMap((id) => parseDeliveryId(id) ?? []);
  return redrive(task, named, ports);
}

/** Walks the dead letters of each shard, oldest first, and ends at what died after the task was asked for. */
async function redriveAll(task: Task, work: Redrive, ports: RedrivePorts): Promise<TaskProgress> {
  let cursor = task.cursor;
  let total = { started: 0, skipped: 0 };
  do {
    const page = await ports.deadBy(task.applicationId, cursor.part, task.createdAt, {
      limit: perStep,
      ...(cursor.after === undefined ? {} : { after: cursor.after }),
    });
    const wanted = page.items.filter(
      ({ endpointId }) => work.endpointId === undefined || endpointId === work.endpointId,
    );
    total = sum(total, await redrive(task, wanted, ports));
    const following = nextCursor(cursor, page.next);
    if (following === undefined) return total;
    cursor = following;
  } while (total.started + total.skipped < perStep && ports.hasTime());
  return { ...total, cursor };
}

function nextCursor({ part }: TaskCursor, next: string | undefined): TaskCursor | undefined {
  if (next !== undefined) return { part, after: next };
  return part + 1 < attentionShards ? { part: part + 1 } : undefined;
}

async function redrive(
  task: Task,
  wanted: readonly DeliveryKey[],
  ports: RedrivePorts,
): Promise<TaskProgress> {
  const reachable = await reachableOf(wanted, ports);
  return countEach(wanted, async (of) =>
    reachable.has(of.endpointId) ? redriveDelivery(task, of, ports) : 'skipped',
  );
}

async function replay(task: Task, work: Replay, ports: RedrivePorts): Promise<TaskProgress> {
  const event = await ports.event(task.applicationId, work.eventId);
  if (!event) return { started: 0, skipped: 0 };
  const { endpointIds } = work;
  // At most a hundred are named, which is one step.
  if (endpointIds)
    return replayTo(task, event, await matchedAmong(event, endpointIds, ports.segment), true, ports);
  const start = task.cursor.part;
  const page = await matchedEndpoints(event, start, perStep, ports.segment);
  const done = await replayTo(task, event, page, false, ports);
  const end = start + page.length;
  return page.length > 0 && end < event.endpointCount ? { ...done, cursor: { part: end } } : done;
}

async function replayTo(
  { createdAt }: Task,
  event: StoredEvent,
  wanted: readonly MatchedEndpoint[],
  byName: boolean,
  ports: RedrivePorts,
): Promise<Counts> {
  const ids = wanted.map(({ endpointId }) => endpointId);
  const stored = await ports.getMany(event.id, ids);
  const byEndpoint = new Map(stored.map((delivery) => [delivery.endpointId, delivery]));
  const reachable = await reachableOf(wanted, ports);
  return countEach(wanted, async (matched) =>
    reachable.has(matched.endpointId)
      ? replayDelivery({ createdAt, event, byName }, matched, byEndpoint.get(matched.endpointId), ports)
      : 'skipped',
  );
}
