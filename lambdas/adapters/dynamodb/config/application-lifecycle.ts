import { packRoutes } from '../../../core/routing/snapshot.ts';
import type { Application } from '../../../core/tenant/application.ts';
import { type ApplicationItem, applicationAttributes, parseApplication } from './application-item.ts';
import {
  applicationKey,
  applicationListKey,
  applicationPartition,
  prefixes,
  routesAttentionKey,
  routesKey,
  tokenKey,
  versionKeys,
} from './keys.ts';
import { readVersion } from './routing-change.ts';
import { headAttributes } from './snapshot-item.ts';
import type { Step } from './step.ts';
import { type ConfigTable, getItem, type Key, queryAll, queryPage, type RawItem } from './table.ts';
import { parseToken } from './token-item.ts';
import { commit, type Plan } from './transaction.ts';

/**
 * A new application. Its routing versions start at the time of its creation in milliseconds, not at 0: an id
 * that is used again never repeats a version of its former life, which some function may still remember.
 */
export function creationSteps(application: Application, now: number): Step[] {
  const { id, metadata } = application;
  const version = Math.floor(now);
  return [
    {
      kind: 'put',
      key: applicationKey(id),
      attributes: applicationAttributes(application, 1),
      condition: 'missing',
    },
    { kind: 'put', key: applicationListKey(id), attributes: {} },
    ...versionKeys(id).map((key): Step => ({ kind: 'put', key, attributes: { version } })),
    {
      kind: 'put',
      key: routesKey(id),
      attributes: headAttributes(version, packRoutes(version, metadata, [])),
    },
  ];
}

/** The first step of a removal: from then on nobody finds the application, and nothing can be added to it. */
export async function planRemoval(
  table: ConfigTable,
  id: string,
  standing: ApplicationItem | undefined,
): Promise<Plan<'removed' | 'missing' | 'not_empty'>> {
  if (standing === undefined) return { kind: 'done', result: 'missing' };
  if (standing.removing) return { kind: 'done', result: 'removed' };
  // The version before the endpoints: whoever adds one afterwards moves it, and the condition below fails.
  const routing = await readVersion(table, id);
  if (await hasEndpoints(table, id)) return { kind: 'done', result: 'not_empty' };
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
  ];
  return { kind: 'write', steps, result: 'removed' };
}

async function hasEndpoints(table: ConfigTable, id: string): Promise<boolean> {
  const selection = { pk: applicationPartition(id), prefix: prefixes.endpoint, consistent: true };
  return (await queryPage(table, selection, 1)).items.length > 0;
}

// Routes' pieces are up to 350 KB each, and a transaction takes 4 MB.
const sweptAtOnce = 10;

/**
 * Deletes all that is left of an application that is being removed, its own item last.
 *
 * Each transaction checks that the removal still stands: once somebody else has finished it, the id may be in
 * use again. Changes stay behind; they expire, and no later life of the id has their versions.
 */
export async function sweepApplication(table: ConfigTable, id: string): Promise<void> {
  const pk = applicationPartition(id);
  for (const prefix of [prefixes.token, prefixes.eventType, prefixes.routesPiece]) {
    for await (const items of queryAll(table, { pk, prefix, consistent: true })) {
      for (let start = 0; start < items.length; start += sweptAtOnce) {
        const batch = items.slice(start, start + sweptAtOnce);
        await sweep(
          table,
          id,
          { kind: 'check' },
          batch.flatMap((item) => keysOf(item, prefix)),
        );
      }
    }
  }
  const last = [applicationListKey(id), routesKey(id), routesAttentionKey(id)];
  await sweep(table, id, { kind: 'delete' }, last);
}

function keysOf(item: RawItem, prefix: string): Key[] {
  const key = { pk: String(item.pk), sk: String(item.sk) };
  return prefix === prefixes.token ? [key, tokenKey(parseToken(item).hash)] : [key];
}

const sweep = (
  table: ConfigTable,
  id: string,
  own: { readonly kind: 'check' | 'delete' },
  keys: readonly Key[],
): Promise<void> =>
  commit(table, `application ${id}`, async () => {
    const item = await getItem(table, applicationKey(id), { consistent: true });
    if (item === undefined || !parseApplication(item).removing) return { kind: 'done', result: undefined };
    const application: Step = { ...own, key: applicationKey(id), condition: { equal: { removing: true } } };
    const deletions = keys.map((key): Step => ({ kind: 'delete', key }));
    return { kind: 'write', steps: [application, ...deletions], result: undefined };
  });
