import { askedAt, recoverable, restart } from '#core/delivery/restart.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { countEach, perStep, sum } from './each.ts';
import type { RedrivePorts } from './ports.ts';
import { isReachable } from './start-again.ts';

type Recover = Extract<TaskWork, { kind: 'recover' }>;

/**
 * Walks an endpoint's deliveries of the events of a time, each shard oldest first, and starts those that died or were
 * cancelled. What is still on its way arrives by itself.
 */
export async function recover(task: Task, work: Recover, ports: RedrivePorts): Promise<TaskProgress> {
  if (!(await isReachable(work.endpointId, ports))) return { started: 0, skipped: 0 };
  let cursor = task.cursor;
  let total = { started: 0, skipped: 0 };
  do {
    const { part, after } = cursor;
    const page = await ports.unsuccessful(work.endpointId, part, {
      ...{ since: work.since, until: work.until, limit: perStep },
      ...(after === undefined ? {} : { after }),
    });
    const done = await countEach(page.items, async (delivery) => {
      if (delivery.applicationId !== task.applicationId) return 'skipped';
      const { kind } = await restart(ports, delivery, askedAt(task.createdAt, recoverable), ports.now());
      return kind === 'restarted' ? 'started' : 'skipped';
    });
    total = sum(total, done);
    if (page.next !== undefined) cursor = { part, after: page.next };
    else if (part + 1 < deliveryShards) cursor = { part: part + 1 };
    else return total;
  } while (total.started + total.skipped < perStep && ports.hasTime());
  return { ...total, cursor };
}
