import { beforeAll, describe, expect, it } from 'vitest';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { newTask } from '#core/task/task.ts';
import { idsAt, noon } from '#test/support/deliveries.ts';
import { useDatabase } from '#test/support/dynamodb.ts';
import { allPages } from '#test/support/pages.ts';

const database = useDatabase();
let tasks: ReturnType<typeof createTaskStore>;

beforeAll(async () => {
  const tableName = await database.eventTable();
  tasks = createTaskStore({ client: database.client, tableName, now: () => noon, retentionDays: 30 });
});

// test/contract/stores/tasks.test.ts has what tasks do besides being listed.
describe('a list of tasks', () => {
  it('has those of its application, the newest first, page by page', async () => {
    const stored = Array.from({ length: 7 }, (_, n) =>
      newTask(idsAt(noon).task(), n === 3 ? 'other' : 'default', { kind: 'redrive' }, noon + n),
    );
    for (const task of stored) await tasks.store(task);
    const all = await allPages((after) => tasks.list('default', { after, limit: 2 }), 2);
    const wanted = stored.filter(({ applicationId }) => applicationId === 'default');
    expect(all).toEqual(wanted.toReversed());
  });

  it('refuses a position that no page gave out', async () => {
    await expect(tasks.list('default', { limit: 5, after: 'x' })).rejects.toThrow(RangeError);
  });
});
