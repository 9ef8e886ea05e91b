import type { DeliveryKey } from '#core/delivery/delivery.ts';
import { askedAt, redrivable, restart } from '#core/delivery/restart.ts';
import { watchdogShards } from '#core/delivery/watchdog.ts';
import { parseDeliveryId } from '#core/id/ids.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { type Counts, countEach, throughShards } from './progress.ts';
import { type RestartPorts, reachableOf } from './reachable.ts';

type Redrive = Extract<TaskWork, { kind: 'redrive' }>;

export interface RedrivePorts extends RestartPorts {
  /** Whether this invocation has time for more. */
  hasTime(): boolean;
  /** The deliveries that died by `until`, longest dead first. */
  deadBy(applicationId: string, shard: number, until: number, page: PageRequest): Promise<Page<DeliveryKey>>;
}

/**
 * Restarts dead deliveries: those that the task names, those of an endpoint, or all of the application, as far as they
 * died before the task was made.
 */
export function redrive(task: Task, work: Redrive, ports: RedrivePorts): Promise<TaskProgress> {
  const { endpointId, deliveryIds } = work;
  if (deliveryIds) {
    const named = deliveryIds.flatMap((id) => parseDeliveryId(id) ?? []);
    return redriveEach(task, named, ports);
  }
  return throughShards(
    task,
    watchdogShards,
    (shard, page) => ports.deadBy(task.applicationId, shard, task.createdAt, page),
    (dead) => {
      const wanted = dead.filter((one) => endpointId === undefined || one.endpointId === endpointId);
      return redriveEach(task, wanted, ports);
    },
    ports.hasTime,
  );
}

async function redriveEach(task: Task, wanted: readonly DeliveryKey[], ports: RedrivePorts): Promise<Counts> {
  const reachable = await reachableOf(wanted, ports);
  return countEach(
    wanted,
    async (key) => reachable.has(key.endpointId) && (await redriveDelivery(task, key, ports)),
  );
}

/** Restarts a delivery that was dead when the task was made, in any generation. */
async function redriveDelivery(
  task: Task,
  { endpointId, eventId }: DeliveryKey,
  ports: RedrivePorts,
): Promise<boolean> {
  const delivery = await ports.deliveries.get(endpointId, eventId);
  if (delivery?.applicationId !== task.applicationId || delivery.state.status !== 'dead') return false;
  const from = askedAt(task.createdAt, redrivable);
  const { kind } = await restart(ports, delivery, from, ports.now(), { taskId: task.id, hops: task.hops });
  return kind === 'restarted';
}
