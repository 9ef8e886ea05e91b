import type { Application } from '../../../core/tenant/application.ts';
import { packRoutes } from '../../../core/routing/snapshot.ts';
import { type ApplicationItem, applicationAttributes } from './application-item.ts';
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
import { type ConfigTable, deleteItems, queryAll, queryPage } from './table.ts';
import { parseToken } from './token-item.ts';
import type { Plan } from './transaction.ts';

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

/** Deletes all that is left of an application that is being removed; the application's own item last. */
export async function sweepApplication(table: ConfigTable, id: string): Promise<void> {
  const pk = applicationPartition(id);
  const own = applicationKey(id);
  for await (const items of queryAll(table, { pk, prefix: '', consistent: true })) {
    const left = items.filter((item) => item.sk !== own.sk);
    const tokens = left.filter((item) => String(item.sk).startsWith(prefixes.token));
    // First the items that authenticate: a sweep that stops half-way finds them through the others.
    await deleteItems(table, tokens.map((item) => tokenKey(parseToken(item).hash)));
    await deleteItems(table, left.map((item) => ({ pk, sk: String(item.sk) })));
  }
  await deleteItems(table, [applicationListKey(id), routesAttentionKey(id)]);
  await deleteItems(table, [own]);
}
