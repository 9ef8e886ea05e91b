import type { Delivery } from '#core/delivery/delivery.ts';
import { askedAt, recoverable, restart } from '#core/delivery/restart.ts';
import { deliveryShards } from '#core/delivery/shards.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import type { Task, TaskProgress, TaskWork } from '#core/task/task.ts';
import { countEach, nothing, throughShards } from './progress.ts';
import { isReachable, type RestartPorts } from './reachable.ts';

type Recover = Extract<TaskWork, { kind: 'recover' }>;

export interface RecoverPorts extends RestartPorts {
  /** Whether this invocation has time for more. */
  hasTime(): boolean;
  /** An endpoint's deliveries of the events from `since` until `until` that are dead or cancelled, oldest first. */
  unsuccessful(
    endpointId: string,
    shard: number,
    range: PageRequest & { readonly since: number; readonly until: number },
  ): Promise<Page<Delivery>>;
}

/** Restarts an endpoint's dead and cancelled deliveries of the events of a time. Unsettled ones arrive by themselves. */
export async function recover(
  task: Task,
  { endpointId, since, until }: Recover,
  ports: RecoverPorts,
): Promise<TaskProgress> {
  if (!(await isReachable(endpointId, ports))) return nothing;
  return throughShards(
    task,
    deliveryShards,
    (shard, page) => ports.unsuccessful(endpointId, shard, { since, until, ...page }),
    (deliveries) => countEach(deliveries, (delivery) => recoverDelivery(task, delivery, ports)),
    ports.hasTime,
  );
}

async function recoverDelivery(task: Task, delivery: Delivery, ports: RecoverPorts): Promise<boolean> {
  if (delivery.applicationId !== task.applicationId) return false;
  const from = askedAt(task.createdAt, recoverable);
  const { kind } = await restart(ports, delivery, from, ports.now(), { taskId: task.id, hops: task.hops });
  return kind === 'restarted';
}
