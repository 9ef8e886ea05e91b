import { cleanCircuit } from '#core/circuit/circuit.ts';
import { inParts } from '#core/concurrency/concurrency.ts';
import { isHeldByCause } from '#core/delivery/delivery.ts';
import {
  awaited,
  type DrainProgress,
  oldestOf,
  planHeld,
  planStep,
  stepPause,
  type WatchedEndpoint,
} from '#core/delivery/drain.ts';
import { type ReleasePorts, release } from '#core/delivery/release.ts';
import { watchdogShards } from '#core/delivery/watchdog.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { DrainMessage } from '#core/message/message.ts';

/** What a step of a drain touches outside this process. Times are epoch milliseconds. */
export interface DrainPorts extends ReleasePorts {
  now(): number;
  readonly attention: {
    watched(endpointId: string): Promise<WatchedEndpoint | undefined>;
    takeStep(entry: WatchedEndpoint, next: DrainProgress): Promise<boolean>;
  };
  /** Consistent. */
  endpoint(endpointId: string): Promise<OutlineRecord | undefined>;
  held(
    endpointId: string,
    shard: number,
    limit: number,
  ): Promise<{
    readonly items: readonly { readonly endpointId: string; readonly eventId: string }[];
    readonly next?: string;
  }>;
  /** Queues a step, invisible for `delay` milliseconds; rejects when it is refused. */
  queueStep(message: DrainMessage, delay: number): Promise<void>;
}

const releasesAtATime = 50;
// Shards fill unevenly, so each is asked for more than its share.
const perShard = (size: number): number => Math.min(size, Math.ceil((2 * size) / watchdogShards) + 10);

/**
 * Releases the next part of what is held for an endpoint: the oldest deliveries first, in growing steps, until nothing is
 * held or the endpoint is paused or fails again. Only one message takes each step, even when messages repeat. The
 * scheduler starts a step again that a crash interrupted.
 *
 * @throws the error of the first delivery that could not be released. The others are released and the drain continues,
 * unless all that were released at the same time failed
 */
export async function handleDrain(message: DrainMessage, ports: DrainPorts): Promise<void> {
  const { endpointId } = message;
  const [entry, record] = await Promise.all([
    ports.attention.watched(endpointId),
    ports.endpoint(endpointId),
  ]);
  const plan = planHeld(record);
  if (entry === undefined || plan.kind !== 'drain') return;

  const dirty = (record?.circuit ?? cleanCircuit).failures > 0;
  const lastId = awaited(entry.drain, ports.now());
  const last = lastId === undefined ? undefined : await ports.deliveries.get(endpointId, lastId);
  const next = planStep({ cause: plan.cause, dirty }, entry.drain, message.step, last, ports.now());
  if (next.kind === 'stop') return;
  if (next.kind === 'look-again') return ports.queueStep(message, stepPause);

  const { step } = next;
  const shards = Array.from({ length: watchdogShards }, (_, shard) => shard);
  const pages = await Promise.all(shards.map((shard) => ports.held(endpointId, shard, perShard(step.size))));
  const references = oldestOf(pages, step.size);
  const newest = references.at(-1);
  if (newest === undefined) return;
  if (!(await ports.attention.takeStep(entry, { ...step, last: newest.eventId }))) return;
  const { failures, isHopeless } = await inParts(references, releasesAtATime, (reference) =>
    release(ports, reference, isHeldByCause, ports.now()),
  );
  // When nothing can be released, the scheduler takes the next step, in a minute.
  if (!isHopeless) await ports.queueStep({ ...message, step: step.step }, stepPause);
  if (failures.length > 0) throw failures[0];
}
