import { inTurns } from '#core/concurrency/concurrency.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import type { Task, TaskProgress } from '#core/task/task.ts';

// Steps follow each other after a second, so this is also the pace: more than most receivers take in a second, and few
// enough for new messages in the retry queue to be handled in between.
export const perStep = 100;
const atATime = 20;

/** How many deliveries a part of a step started, and how many it left as they were. */
export type Counts = Pick<TaskProgress, 'started' | 'skipped'>;

export const nothing: Counts = { started: 0, skipped: 0 };

/** @param start whether it started the item */
export async function countEach<Item>(
  items: readonly Item[],
  start: (item: Item) => Promise<boolean>,
): Promise<Counts> {
  const outcomes = await inTurns(items, atATime, start);
  const started = outcomes.filter(Boolean).length;
  return { started, skipped: outcomes.length - started };
}

/**
 * Works through pages of all shards, from where the task stopped, until a step is full or the time is over.
 *
 * @param read a page of a shard, at most a step's worth
 */
export async function throughShards<Item>(
  task: Task,
  shards: number,
  read: (shard: number, page: PageRequest) => Promise<Page<Item>>,
  work: (items: readonly Item[]) => Promise<Counts>,
  hasTime: () => boolean,
): Promise<TaskProgress> {
  let { cursor } = task;
  let { started, skipped } = nothing;
  do {
    const { part, after } = cursor;
    const { items, next } = await read(part, { limit: perStep, after });
    const done = await work(items);
    started += done.started;
    skipped += done.skipped;
    if (next !== undefined) cursor = { part, after: next };
    else if (part + 1 < shards) cursor = { part: part + 1 };
    else return { started, skipped };
  } while (started + skipped < perStep && hasTime());
  return { started, skipped, cursor };
}
