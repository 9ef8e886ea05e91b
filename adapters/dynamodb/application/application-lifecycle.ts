import { readVersion } from '#adapters/dynamodb/routing-log/routing-change.ts';
import { headAttributes } from '#adapters/dynamodb/routing-log/snapshot-item.ts';
import {
  applicationKey,
  applicationListKey,
  applicationPartition,
  applicationTestsKey,
  dataKeyKey,
  prefixes,
  purgeAttentionKey,
  routesAttentionKey,
  routesKey,
  tokenKey,
  versionKeys,
} from '#adapters/dynamodb/table/config-keys.ts';
import {
  type ConfigTable,
  getItem,
  queryAll,
  queryPage,
  type RawItem,
} from '#adapters/dynamodb/table/config-table.ts';
import type { Assignments, Step } from '#adapters/dynamodb/table/step.ts';
import type { Key } from '#adapters/dynamodb/table/table.ts';
import { commit, type Plan } from '#adapters/dynamodb/table/transaction.ts';
import { parseToken } from '#adapters/dynamodb/token/token-item.ts';
import type { Application } from '#core/application/application.ts';
import { packRoutes } from '#core/routing/snapshot.ts';
import { type ApplicationItem, applicationAttributes, parseApplication } from './application-item.ts';

const day = 24 * 60 * 60 * 1_000;

/**
 * How long a used id stays taken: longer than any event of the removed application exists. An event lives for its delay
 * (at most 30 days), 21 days of holds and retries, and the retention (at most 365 days). The rest covers events that an
 * ingest function accepted before it noticed the removal.
 */
const tombstoneLife = (30 + 21 + 365 + 4) * day;

/**
 * A new application. Its routing versions start at the time of its creation in milliseconds, not at 0, so that an id that
 * is used again never repeats a version of the removed application, which a function may still remember.
 */
export function creationSteps(application: Application, now: number): Step[] {
  const { id, metadata } = application;
  const version = Math.floor(now);
  return [
    {
      kind: 'put',
      key: applicationKey(id),
      attributes: {
        ...applicationAttributes(application, 1),
        endpointCount: 0,
        eventTypeCount: 0,
        routeBytes: 0,
        filterSteps: 0,
      },
      condition: { missingAt: now },
    },
    { kind: 'put', key: applicationListKey(id), attributes: {} },
    ...versionKeys(id).map((key): Step => ({ kind: 'put', key, attributes: { version } })),
    {
      kind: 'put',
      key: routesKey(id),
      attributes: headAttributes(version, packRoutes(version, metadata, []), 0),
    },
  ];
}

/** `purging`: no reader sees it any more, and its endpoints are deleted after the answer. */
type Removal = 'removed' | 'purging' | 'missing' | 'not_empty';

/**
 * The first step of a removal: from then on no reader sees the application, and nothing can be added to it. It also adds
 * an entry for the scheduler, so that the rest is done even when this function dies.
 *
 * @param whole - with its endpoints, if it has some.
 */
export async function planRemoval(
  table: ConfigTable,
  id: string,
  standing: ApplicationItem | undefined,
  whole: boolean,
): Promise<Plan<Removal>> {
  if (standing === undefined || standing.removed) return { kind: 'done', result: 'missing' };
  // The version before the endpoints: an endpoint that is added later moves the version, and the condition below fails.
  const routing = await readVersion(table, id);
  const result = (await hasEndpoints(table, id)) ? 'purging' : 'removed';
  if (standing.removing) return { kind: 'done', result };
  if (result === 'purging' && !whole) return { kind: 'done', result: 'not_empty' };
  const steps: Step[] = [
    {
      kind: 'update',
      key: applicationKey(id),
      set: { removing: true, revision: standing.revision + 1 },
      condition: { equal: { revision: standing.revision } },
    },
    ...versionKeys(id).map(
      (key): Step => ({ kind: 'delete', key, condition: { equal: { version: routing?.version } } }),
    ),
    {
      kind: 'put',
      key: purgeAttentionKey(id),
      attributes: { kind: 'purge', applicationId: id, since: table.now() },
    },
  ];
  return { kind: 'write', steps, result };
}

export async function hasEndpoints(table: ConfigTable, id: string): Promise<boolean> {
  const selection = { pk: applicationPartition(id), prefix: prefixes.endpoint };
  return (await queryPage(table, selection, 1)).items.length > 0;
}

// Routes' pieces are up to 350 KB each, and a transaction takes 4 MB.
const sweptAtOnce = 10;

/**
 * Deletes all that is left of an application that is being removed. Its own item is last and stays, emptied, as the
 * tombstone: another tenant with the same id would see the events of this one.
 *
 * Each transaction checks that the removal still stands, because once another function has finished it, the id may be in
 * use again. The log of changes stays. It expires, and a later application with the id has other versions.
 */
export async function sweepApplication(table: ConfigTable, id: string): Promise<void> {
  const pk = applicationPartition(id);
  for (const prefix of [prefixes.token, prefixes.eventType, prefixes.routesPiece]) {
    for await (const items of queryAll(table, { pk, prefix })) {
      for (let start = 0; start < items.length; start += sweptAtOnce) {
        const batch = items.slice(start, start + sweptAtOnce);
        const keys = batch.flatMap((item) => keysOf(item, prefix));
        await sweep(table, id, keys, { kind: 'check' });
      }
    }
  }
  const last = [applicationListKey, applicationTestsKey, dataKeyKey, routesKey, routesAttentionKey].map(
    (keyFor) => keyFor(id),
  );
  const ttl = Math.ceil((table.now() + tombstoneLife) / 1_000);
  await sweep(table, id, last, { kind: 'update', set: { name: '', metadata: '{}', limits: undefined, ttl } });
}

function keysOf(item: RawItem, prefix: string): Key[] {
  const key = { pk: String(item.pk), sk: String(item.sk) };
  return prefix === prefixes.token ? [key, tokenKey(parseToken(item).hash)] : [key];
}

const sweep = (
  table: ConfigTable,
  id: string,
  keys: readonly Key[],
  own: { readonly kind: 'check' } | ({ readonly kind: 'update' } & Assignments),
): Promise<void> =>
  commit(table, `application ${id}`, async () => {
    const item = await getItem(table, applicationKey(id));
    const standing = item && parseApplication(item);
    if (!standing?.removing || standing.removed) return { kind: 'done', result: undefined };
    const condition = { equal: { removing: true, ttl: undefined } };
    const application: Step = { ...own, key: applicationKey(id), condition };
    const deletions = keys.map((key): Step => ({ kind: 'delete', key }));
    return { kind: 'write', steps: [application, ...deletions], result: undefined };
  });
