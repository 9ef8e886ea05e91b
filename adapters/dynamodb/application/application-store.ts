import { isDeepStrictEqual } from 'node:util';
import { readVersion, routingSteps } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { applicationKey, operatorPartition, prefixes } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, getItems, listPage } from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import { type Application, defaultApplicationId } from '#core/application/application.ts';
import type { PageRequest } from '#core/page/page.ts';
import { applicationAttributes, parseApplication } from './application-item.ts';
import { creationSteps, hasEndpoints, planRemoval, sweepApplication } from './application-lifecycle.ts';

/** `used`: the id was that of a removed application, whose events may still exist. */
type Creation = 'created' | 'exists' | 'used';

export function createApplicationStore(table: ConfigTable) {
  const read = async (id: string) => {
    const item = await getItem(table, applicationKey(id));
    return item && parseApplication(item);
  };

  return {
    create: (application: Application) =>
      commit<Creation>(table, `application ${application.id}`, async () => {
        const standing = await read(application.id);
        if (standing !== undefined && !standing.removing) return { kind: 'done', result: 'exists' };
        if (standing !== undefined) {
          const isLeftBehind = !standing.removed && !(await hasEndpoints(table, application.id));
          if (isLeftBehind) await sweepApplication(table, application.id);
          return { kind: 'done', result: 'used' };
        }
        return { kind: 'write', steps: creationSteps(application, table.now()), result: 'created' };
      }),

    /** Consistent. */
    async get(id: string) {
      const standing = await read(id);
      return standing === undefined || standing.removing ? undefined : standing.application;
    },

    /** In the order of the ids. */
    async list(page: PageRequest) {
      const { items, next } = await listPage(table, operatorPartition, prefixes.application, page);
      const ids = items.map((item) => String(item.sk).slice(prefixes.application.length));
      const found = (await getItems(table, ids.map(applicationKey))).map(parseApplication);
      const byId = new Map(found.filter((item) => !item.removing).map((item) => [item.application.id, item]));
      const applications = ids.map((id) => byId.get(id)?.application).filter((item) => item !== undefined);
      return { items: applications, next };
    },

    /** Reads, changes and writes under a condition. A change of the metadata is a change of the routing. */
    update: (id: string, change: (application: Application) => Application) =>
      commit(table, `application ${id}`, async () => {
        const standing = await read(id);
        if (standing === undefined || standing.removing) return { kind: 'done', result: undefined };
        const before = standing.application;
        const after = { ...change(before), id };
        if (isDeepStrictEqual(before, after)) return { kind: 'done', result: after };
        const steps: Step[] = [
          {
            kind: 'update',
            key: applicationKey(id),
            set: applicationAttributes(after, standing.revision + 1),
            condition: { equal: { revision: standing.revision } },
          },
        ];
        if (isDeepStrictEqual(before.metadata, after.metadata))
          return { kind: 'write', steps, result: after };
        const routing = await readVersion(table, id);
        if (routing === undefined) return { kind: 'done', result: undefined };
        const metadata = { kind: 'application', metadata: after.metadata } as const;
        steps.push(...routingSteps(id, routing.version, metadata, table.now()));
        return { kind: 'write', steps, result: after };
      }),

    /**
     * Removes an application with its tokens and routing. From the first step on no reader sees it. When a later step
     * fails, another call continues, and so does the scheduler.
     *
     * @param options.whole - with its endpoints, which the scheduler deletes. @default false: `not_empty`
     */
    async remove(id: string, { whole = false }: { readonly whole?: boolean } = {}) {
      const result = await commit(table, `application ${id}`, async () =>
        planRemoval(table, id, await read(id), whole),
      );
      if (result === 'removed') await sweepApplication(table, id);
      return result;
    },
  };
}

/**
 * Creates the application that a deployment starts with, unless it exists.
 *
 * @param now - epoch milliseconds.
 */
export function ensureDefaultApplication(
  store: Pick<ReturnType<typeof createApplicationStore>, 'create'>,
  now: number,
): Promise<Creation> {
  const application = {
    id: defaultApplicationId,
    name: 'Default',
    metadata: {},
    createdAt: now,
    updatedAt: now,
  };
  return store.create(application);
}
