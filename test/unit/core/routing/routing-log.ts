import type { Route, RouteChange } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { anEvent } from '#test/support/config-fixtures.ts';

export const event = anEvent('order.created', { sku: 'A-1' });
export const route = (endpointId: string): Route => ({ endpointId, patterns: ['order.*'] });

/** A log in memory that counts what it is asked. */
export function application(log: RouteChange[] = []) {
  const asked = { versions: 0, changes: 0, loads: 0 };
  let forgotten = 0;
  const load = () => {
    const index = new RoutingIndex();
    for (const change of log) index.apply(change);
    return { version: index.version, index };
  };
  return {
    asked,
    load,
    add: (...routes: Route[]) => {
      for (const added of routes) log.push({ version: log.length + 1, kind: 'endpoint', route: added });
    },
    remove: (endpointId: string) => {
      log.push({ version: log.length + 1, kind: 'endpointRemoved', endpointId });
    },
    /** The log loses its changes so far. */
    forget: () => {
      forgotten = log.length;
    },
    source: {
      version: async (): Promise<number | undefined> => {
        asked.versions += 1;
        return log.length;
      },
      changesAfter: async (_: string, version: number) => {
        asked.changes += 1;
        return log.slice(Math.max(version, forgotten));
      },
      load: async () => {
        asked.loads += 1;
        return load();
      },
    },
  };
}

export const found = async (matching: Promise<readonly { endpointId: string }[] | undefined>) =>
  (await matching)?.map(({ endpointId }) => endpointId);
